import { Bytes, crypto, ethereum } from "@graphprotocol/graph-ts";
import { ModelPublished, ModelPublishedParentsStruct } from "../../generated/AssetRegistry/AssetRegistry";
import { Parent } from "../../generated/schema";
import { numberId, wordId } from "../lib/ids";
import { stamp } from "../lib/stamp";

/** Most parents that the registry takes. */
const MAX_PARENTS = 8;

/** The edges from a model to what it comes from. Only the first, the training dataset, is proved by a receipt. */
export function createParents(event: ModelPublished): void {
  const child = wordId(event.params.asset);
  const parents = event.params.parents;
  for (let i = 0; i < parents.length; i++) createParent(child, i, parents[i], event);
}

function createParent(
  child: Bytes,
  index: i32,
  stated: ModelPublishedParentsStruct,
  event: ethereum.Event,
): void {
  const edge = new Parent(child.concat(numberId(index)));
  edge.child = child;
  edge.parent = wordId(stated.asset);
  edge.index = index;
  edge.contributorsRoot = stated.contributorsRoot;
  edge.shareBps = stated.shareBps;
  edge.declared = index > 0;
  edge.potKey = potKey(edge.parent, stated.contributorsRoot);
  stamp(edge, event);
  edge.save();
}

/** The edge of a model that pays into a pot, if it has one. */
export function findParent(child: Bytes, key: Bytes): Parent | null {
  for (let i = 0; i < MAX_PARENTS; i++) {
    const edge = Parent.load(child.concat(numberId(i)));
    if (!edge) return null;
    if (edge.potKey.equals(key)) return edge;
  }
  return null;
}

/** As in the library Pots: the asset's id, or for contributors the hash of it and their root. */
function potKey(asset: Bytes, contributorsRoot: Bytes): Bytes {
  if (contributorsRoot.equals(new Bytes(32))) return asset;
  return Bytes.fromByteArray(crypto.keccak256(asset.concat(contributorsRoot)));
}
