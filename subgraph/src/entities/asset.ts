import { BigInt, Bytes, ethereum } from "@graphprotocol/graph-ts";
import { AssetListed, Transfer } from "../../generated/AssetRegistry/AssetRegistry";
import {
  Asset,
  AssetTransfer,
  AssetTransition,
  PriceChange,
  Settlement,
  Version,
} from "../../generated/schema";
import { eventId, numberId, wordId } from "../lib/ids";
import { ordinal, stamp } from "../lib/stamp";
import { loadProtocol } from "./protocol";
import { tokenByIndex } from "./token";

const ANALYSIS = 1;
const TRAINING = 2;
const DOWNLOAD = 4;
const TWO_PERSON = 8;
const MODEL_USE = 16;

/** A new asset. Its version and, for a model, its parents follow in events of their own. */
export function createAsset(event: AssetListed): void {
  const listing = event.params.listing;
  const terms = listing.terms;
  const asset = new Asset(wordId(event.params.asset));
  const isModel = listing.modes == MODEL_USE;
  asset.tokenId = event.params.asset;
  asset.kind = isModel ? "Model" : "Dataset";
  asset.curator = event.params.curator;
  asset.lister = event.params.curator;
  asset.custodian = numberId(listing.custodian);
  asset.gatewaySet = numberId(listing.gatewaySet);
  asset.price = listing.price;
  asset.token = tokenByIndex(listing.token);
  asset.custodianBps = listing.custodianBps;
  asset.curatorBps = listing.curatorBps;
  setModes(asset, listing.modes);
  asset.status = "Listed";
  asset.duo = terms.duo;
  asset.disease = terms.disease;
  asset.countries = terms.countries;
  asset.moratoriumEnds = terms.dates.rightShift(40);
  asset.useEnds = terms.dates.minus(asset.moratoriumEnds.leftShift(40));
  asset.royaltyBps = terms.royaltyBps;
  asset.agreement = terms.agreement;
  asset.termsHash = event.params.termsHash;
  asset.versionCount = 0;
  asset.recordCount = BigInt.zero();
  asset.descriptorDigest = new Bytes(32);
  asset.orderCount = 0;
  asset.settledCount = 0;
  asset.earned = BigInt.zero();
  asset.listedAt = event.block.timestamp;
  asset.ordinal = ordinal(event);
  asset.listedAtBlock = event.block.number;
  asset.listedIn = event.transaction.hash;
  countAsset(asset, listing.population);
  asset.save();
  recordStatus(asset, event);
}

function setModes(asset: Asset, modes: i32): void {
  asset.modes = modes;
  asset.allowsAnalysis = (modes & ANALYSIS) != 0;
  asset.allowsTraining = (modes & TRAINING) != 0;
  asset.allowsDownload = (modes & DOWNLOAD) != 0;
  asset.twoPerson = (modes & TWO_PERSON) != 0;
}

/** A dataset that names no population opens one, which the registry numbered just before this event. */
function countAsset(asset: Asset, population: i32): void {
  const protocol = loadProtocol();
  if (asset.kind == "Model") {
    protocol.modelCount += 1;
  } else {
    protocol.datasetCount += 1;
    asset.population = numberId(population == 0 ? protocol.populationCount : population);
  }
  protocol.save();
}

/** The latest version is the one for sale. */
export function setCurrentVersion(version: Version): void {
  const asset = Asset.load(version.asset);
  if (!asset) return;
  asset.version = version.id;
  asset.versionCount = version.number;
  asset.recordCount = version.recordCount;
  asset.descriptor = version.descriptorDigest;
  asset.descriptorDigest = version.descriptorDigest;
  asset.save();
}

/** The order that trained a model. */
export function setTrainingOrder(tokenId: BigInt, order: Bytes): void {
  const asset = Asset.load(wordId(tokenId));
  if (!asset) return;
  asset.trainingOrder = order;
  asset.save();
}

/** A new price, for orders from now on. */
export function setPrice(tokenId: BigInt, price: BigInt, event: ethereum.Event): void {
  const asset = Asset.load(wordId(tokenId));
  if (!asset) return;
  const change = new PriceChange(eventId(event));
  change.asset = asset.id;
  change.previous = asset.price;
  change.price = price;
  stamp(change, event);
  change.save();
  asset.price = price;
  asset.save();
}

/** A transfer's notice runs until then. */
export function giveNotice(tokenId: BigInt, noticeEnds: BigInt): void {
  const asset = Asset.load(wordId(tokenId));
  if (!asset) return;
  asset.noticeEnds = noticeEnds;
  asset.save();
}

/** A new status, kept in the asset's history. */
export function setStatus(tokenId: BigInt, status: string, event: ethereum.Event): void {
  const asset = Asset.load(wordId(tokenId));
  if (!asset) return;
  asset.status = status;
  asset.save();
  recordStatus(asset, event);
}

function recordStatus(asset: Asset, event: ethereum.Event): void {
  const transition = new AssetTransition(eventId(event));
  transition.asset = asset.id;
  transition.status = asset.status;
  stamp(transition, event);
  transition.save();
}

/** The token's new owner is the curator. Minting comes before the listing and is none of this. */
export function transferAsset(event: Transfer): void {
  const asset = Asset.load(wordId(event.params.tokenId));
  if (!asset) return;
  const transfer = new AssetTransfer(eventId(event));
  transfer.asset = asset.id;
  transfer.from = event.params.from;
  transfer.to = event.params.to;
  stamp(transfer, event);
  transfer.save();
  asset.curator = event.params.to;
  asset.save();
}

/** Counts an order. */
export function countOrder(id: Bytes): void {
  const asset = Asset.load(id);
  if (!asset) return;
  asset.orderCount += 1;
  asset.save();
}

/** Counts a settlement and what it earned: the price that was due, without fee and refund. */
export function countSettlement(settlement: Settlement): void {
  const asset = Asset.load(settlement.asset);
  if (!asset) return;
  asset.settledCount += 1;
  asset.earned = asset.earned.plus(settlement.pot).plus(settlement.custodian).plus(settlement.curator);
  asset.save();
}
