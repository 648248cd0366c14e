// Stands in for the web app where only the supervisor is under test.
import { createServer } from "node:http";

createServer((_request, response) => response.end("ok")).listen(
  Number(process.env["PORT"]),
  process.env["HOST"],
);
