import { Bytes, DataSourceContext, ethereum } from "@graphprotocol/graph-ts";
import { VersionAdded } from "../../generated/AssetRegistry/AssetRegistry";
import { Version } from "../../generated/schema";
import { Descriptor } from "../../generated/templates";
import { rawCid } from "../lib/cid";
import { numberId, wordId } from "../lib/ids";
import { stamp } from "../lib/stamp";

/** Id of a version of an asset. */
export function versionId(asset: Bytes, number: i32): Bytes {
  return asset.concat(numberId(number));
}

/** A new version; its descriptor is looked for among the gateways' public files. */
export function createVersion(event: VersionAdded): Version {
  const asset = wordId(event.params.asset);
  const content = event.params.content;
  const version = new Version(versionId(asset, event.params.version));
  version.asset = asset;
  version.number = event.params.version;
  version.contentRoot = content.contentRoot;
  version.consentRoot = content.consentRoot;
  version.recordCount = content.count;
  version.gatewaySet = numberId(content.gatewaySet);
  version.eligibility = content.eligibility;
  version.descriptorDigest = content.descriptor;
  version.descriptor = content.descriptor;
  version.descriptorCid = findDescriptor(content.descriptor);
  stamp(version, event as ethereum.Event);
  version.save();
  return version;
}

/** Starts the search for a descriptor's file; returns its CID. A zero digest means that there is none. */
function findDescriptor(digest: Bytes): string | null {
  if (digest.equals(new Bytes(32))) return null;
  const cid = rawCid(digest);
  const context = new DataSourceContext();
  context.setBytes("digest", digest);
  context.setString("cid", cid);
  Descriptor.createWithContext(cid, context);
  return cid;
}
