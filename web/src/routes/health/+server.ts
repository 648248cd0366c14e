/** Liveness: this process answers. Whether what stands behind it answers is `/api/head`. */
export function GET(): Response {
  return Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } });
}
