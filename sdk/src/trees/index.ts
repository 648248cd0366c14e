export { defineLeaf, type LeafType } from "./leaf-type.ts";
export * from "./leaves.ts";
export * from "./tree.ts";
