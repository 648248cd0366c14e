/** How many random sequences a replay plays: few in `npm test`, `SALUS_SEQUENCES` in `npm run test:deep`. */
export function sequences(): number {
  const asked = process.env["SALUS_SEQUENCES"];
  return asked === undefined ? 100 : Number(asked);
}
