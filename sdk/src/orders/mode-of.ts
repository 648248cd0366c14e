import { MODES, OrderKind } from "../generated/constants.ts";

/** The mode that an order of a kind needs; zero for none. Twin of the Solidity library `Modes`. */
export function modeOf(kind: number): number {
  if (kind === OrderKind.Analysis) return MODES.ANALYSIS;
  if (kind === OrderKind.Training) return MODES.TRAINING;
  if (kind === OrderKind.Download) return MODES.DOWNLOAD;
  return kind === OrderKind.ModelUse ? MODES.MODEL_USE : 0;
}
