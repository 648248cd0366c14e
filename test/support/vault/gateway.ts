import { readEnvironment } from "../../../gateway/src/config/environment.ts";
import { startGateway } from "../../../gateway/src/start.ts";
import { connectVault } from "./client.ts";

/* A gateway whose keys lie in another process: the address of that is all it has (TEST_VAULT_SOCKET). */
const gateway = await startGateway(readEnvironment(process.env), () =>
  connectVault(process.env["TEST_VAULT_SOCKET"]!),
);
process.on("SIGTERM", () => void gateway.stop().then(() => process.exit(0)));
