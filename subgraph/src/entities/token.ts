import { Address, BigInt, Bytes, log } from "@graphprotocol/graph-ts";
import { Token } from "../../generated/schema";
import { loadProtocol } from "./protocol";

/** A token by its address, allowed or not: anyone may deposit any token. */
export function touchToken(address: Bytes): Token {
  const known = Token.load(address);
  if (known) return known;
  const token = new Token(address);
  token.allowed = false;
  token.save();
  return token;
}

/** A vote allowed a token; the registry numbers them from 1 without gaps. */
export function allowToken(address: Address, index: i32, timestamp: BigInt): void {
  const token = touchToken(address);
  token.index = index;
  token.allowed = true;
  token.allowedAt = timestamp;
  token.save();
  const protocol = loadProtocol();
  const tokens = protocol.tokens;
  tokens.push(address);
  protocol.tokens = tokens;
  protocol.save();
}

/** Id of the allowed token with this index. The registry takes no listing in another. */
export function tokenByIndex(index: i32): Bytes {
  const tokens = loadProtocol().tokens;
  if (index >= 1 && index <= tokens.length) return tokens[index - 1];
  log.critical("No token has the index {}: the start block is later than the deployment", [index.toString()]);
  return Bytes.empty();
}
