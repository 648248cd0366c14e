import { ethereum } from "@graphprotocol/graph-ts";
import { PopulationCreated, PrivacySpent } from "../../generated/AssetRegistry/AssetRegistry";
import { Population, PrivacySpending } from "../../generated/schema";
import { eventId, numberId, wordId } from "../lib/ids";
import { stamp } from "../lib/stamp";
import { loadProtocol } from "./protocol";

/** A custodian's new source population. */
export function createPopulation(event: PopulationCreated): void {
  const population = new Population(numberId(event.params.population));
  population.number = event.params.population;
  population.custodian = numberId(event.params.custodian);
  population.cap = event.params.cap;
  population.spent = event.params.cap.minus(event.params.cap);
  population.createdAt = event.block.timestamp;
  population.save();
  const protocol = loadProtocol();
  protocol.populationCount = event.params.population;
  protocol.save();
}

/** A receipt's cost; the event carries the new sum. */
export function spendPrivacy(event: PrivacySpent): void {
  const id = numberId(event.params.population);
  const spending = new PrivacySpending(eventId(event as ethereum.Event));
  spending.population = id;
  spending.asset = wordId(event.params.asset);
  spending.cost = event.params.cost;
  spending.spent = event.params.spent;
  stamp(spending, event);
  spending.save();
  const population = Population.load(id);
  if (!population) return;
  population.spent = event.params.spent;
  population.save();
}
