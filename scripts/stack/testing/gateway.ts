// Stands in for a gateway where only the supervisor is under test: answers /ready, and exits when asked to.
import { createServer } from "node:http";

createServer((request, response) => {
  if (request.url === "/crash") process.exit(7);
  response.statusCode = request.url === "/ready" ? 200 : 404;
  response.end();
}).listen(Number(process.env["SALUS_GATEWAY_PORT"]), process.env["SALUS_GATEWAY_HOST"]);
process.stdout.write(`${process.env["SALUS_GATEWAY_NAME"]} listens\n`);
