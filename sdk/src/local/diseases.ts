import type { DiseaseStep } from "../data-use/diseases.ts";

/*
 * The diseases of the demo world and what they are forms of: categories, blocks and chapters of ICD-10-CM (the tabular
 * list of the US National Center for Health Statistics). Facts for the local chain; a real vote sets a whole ontology.
 */
const STEPS: readonly (readonly [child: string, parent: string])[] = [
  ["C50.919", "C50"],
  ["C50", "C00-D49"],
  ["D63.1", "D63"],
  ["D63", "D60-D64"],
  ["D60-D64", "D50-D89"],
  ["E10", "E08-E13"],
  ["E11", "E08-E13"],
  ["E11.9", "E11"],
  ["E08-E13", "E00-E89"],
  ["E66", "E65-E68"],
  ["E66.9", "E66"],
  ["E65-E68", "E00-E89"],
  ["E78", "E70-E88"],
  ["E78.5", "E78"],
  ["E70-E88", "E00-E89"],
  ["I10", "I00-I99"],
  ["I20-I25", "I00-I99"],
  ["I25", "I20-I25"],
  ["I25.10", "I25"],
  ["I48", "I00-I99"],
  ["I48.91", "I48"],
  ["I50", "I00-I99"],
  ["I50.9", "I50"],
  ["J44", "J00-J99"],
  ["J44.9", "J44"],
  ["J45", "J00-J99"],
  ["J45.909", "J45"],
  ["N17-N19", "N00-N99"],
  ["N18", "N17-N19"],
  ["N18.31", "N18"],
  ["N18.32", "N18"],
  ["N18.4", "N18"],
];

/** Steps of the demo's ontology, for `buildDiseaseClosure`. */
export const DEMO_DISEASES: readonly DiseaseStep[] = STEPS.map(([child, parent]) => ({
  child: `ICD-10-CM:${child}`,
  parent: `ICD-10-CM:${parent}`,
}));
