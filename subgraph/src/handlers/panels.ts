import { PanelAppointed, PanelElected, PanelRetired } from "../../generated/Panels/Panels";
import { Panel } from "../../generated/schema";
import { Disputes } from "../../generated/templates";
import { createPanel } from "../entities/panel";

export function handlePanelElected(event: PanelElected): void {
  createPanel(event);
  Disputes.create(event.params.panel);
}

export function handlePanelAppointed(event: PanelAppointed): void {
  const panel = Panel.load(event.params.panel);
  if (!panel) return;
  panel.state = "Appointed";
  panel.appointedAt = event.block.timestamp;
  panel.save();
}

export function handlePanelRetired(event: PanelRetired): void {
  const panel = Panel.load(event.params.panel);
  if (!panel) return;
  panel.state = "Retired";
  panel.retiredAt = event.block.timestamp;
  panel.save();
}
