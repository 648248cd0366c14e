import {
  AssetAccepted,
  AssetDelisted,
  AssetFrozen,
  AssetListed,
  EscrowChanged,
  ModelPublished,
  PopulationCreated,
  PriceChanged,
  PrivacySpent,
  TokenAllowed,
  Transfer,
  VersionAdded,
} from "../../generated/AssetRegistry/AssetRegistry";
import {
  createAsset,
  giveNotice,
  setCurrentVersion,
  setPrice,
  setStatus,
  setTrainingOrder,
  transferAsset,
} from "../entities/asset";
import { appointEscrow } from "../entities/escrow";
import { setParameter } from "../entities/parameter";
import { createParents } from "../entities/parent";
import { createPopulation, spendPrivacy } from "../entities/population";
import { allowToken } from "../entities/token";
import { createVersion } from "../entities/version";

export function handleAssetListed(event: AssetListed): void {
  createAsset(event);
}

export function handleVersionAdded(event: VersionAdded): void {
  setCurrentVersion(createVersion(event));
}

export function handleModelPublished(event: ModelPublished): void {
  createParents(event);
  setTrainingOrder(event.params.asset, event.params.trainingOrder);
}

export function handlePriceChanged(event: PriceChanged): void {
  setPrice(event.params.asset, event.params.price, event);
}

export function handleAssetFrozen(event: AssetFrozen): void {
  giveNotice(event.params.asset, event.params.noticeEnds);
  setStatus(event.params.asset, "Frozen", event);
}

export function handleAssetAccepted(event: AssetAccepted): void {
  setStatus(event.params.asset, "Listed", event);
}

export function handleAssetDelisted(event: AssetDelisted): void {
  setStatus(event.params.asset, "Delisted", event);
}

export function handleTransfer(event: Transfer): void {
  transferAsset(event);
}

export function handleTokenAllowed(event: TokenAllowed): void {
  allowToken(event.params.token, event.params.index, event.block.timestamp);
  setParameter(
    "AssetRegistry.token." + event.params.index.toString(),
    event.params.token.toHexString(),
    event,
  );
}

export function handleEscrowChanged(event: EscrowChanged): void {
  appointEscrow(event.params.escrow, event.block.timestamp);
  setParameter("AssetRegistry.escrow", event.params.escrow.toHexString(), event);
}

export function handlePopulationCreated(event: PopulationCreated): void {
  createPopulation(event);
}

export function handlePrivacySpent(event: PrivacySpent): void {
  spendPrivacy(event);
}
