import { PREFERRED_PORTS, type Ports } from "../../scripts/stack/ports.ts";

/**
 * Ports for a stack that may start while another one does: two that look for free ones at the same moment would find the same.
 * @param first the others follow it
 */
export function portsFrom(first: number): Ports {
  return Object.fromEntries(Object.keys(PREFERRED_PORTS).map((name, i) => [name, first + i]));
}
