import { Bytes } from "@graphprotocol/graph-ts";
import { Protocol } from "../../generated/schema";

const ID = "0x01";

/** The one entity of the whole marketplace; the caller saves it. */
export function loadProtocol(): Protocol {
  const id = Bytes.fromHexString(ID);
  const known = Protocol.load(id);
  if (known) return known;
  const protocol = new Protocol(id);
  protocol.tokens = [];
  protocol.datasetCount = 0;
  protocol.modelCount = 0;
  protocol.gatewayCount = 0;
  protocol.populationCount = 0;
  protocol.orderCount = 0;
  protocol.deliveredCount = 0;
  protocol.settledCount = 0;
  protocol.refundedCount = 0;
  protocol.consentChangeCount = 0;
  protocol.proposalCount = 0;
  protocol.channelCount = 0;
  return protocol;
}
