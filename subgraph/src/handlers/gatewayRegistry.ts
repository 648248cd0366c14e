import {
  GatewayAdmitted,
  GatewayRemoved,
  GatewaySetCreated,
  GatewayUrlChanged,
} from "../../generated/GatewayRegistry/GatewayRegistry";
import { createGateway, createGatewaySet, removeGateway, setGatewayUrl } from "../entities/gateway";

export function handleGatewayAdmitted(event: GatewayAdmitted): void {
  createGateway(event);
}

export function handleGatewayRemoved(event: GatewayRemoved): void {
  removeGateway(event.params.gateway, event.block.timestamp);
}

export function handleGatewayUrlChanged(event: GatewayUrlChanged): void {
  setGatewayUrl(event.params.gateway, event.params.url);
}

export function handleGatewaySetCreated(event: GatewaySetCreated): void {
  createGatewaySet(event);
}
