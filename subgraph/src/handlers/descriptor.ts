import { Bytes, dataSource } from "@graphprotocol/graph-ts";
import { createDescriptor } from "../entities/descriptor";

export function handleDescriptor(file: Bytes): void {
  const context = dataSource.context();
  createDescriptor(context.getBytes("digest"), context.getString("cid"), file);
}
