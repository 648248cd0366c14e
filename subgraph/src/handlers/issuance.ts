import { EpochClosed, FloorChanged, Minted, OrderRegistered } from "../../generated/Issuance/Issuance";
import { closeEpoch, mintTokens, registerFee } from "../entities/issuance";
import { setNumber } from "../entities/parameter";

export function handleOrderRegistered(event: OrderRegistered): void {
  registerFee(event);
}

export function handleEpochClosed(event: EpochClosed): void {
  closeEpoch(event);
}

export function handleMinted(event: Minted): void {
  mintTokens(event);
}

export function handleFloorChanged(event: FloorChanged): void {
  setNumber("Issuance.floor", event.params.floor, event);
}
