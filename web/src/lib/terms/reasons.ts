import { DataUseReason } from "@salus/sdk/generated/constants";

/** Why terms forbid a purpose, and what would pass. */
export interface ReasonWords {
  because: string;
  remedy: string;
}

type Name = Exclude<keyof typeof DataUseReason, "Permitted">;

const WORDS: Record<Name, ReasonWords> = {
  UnknownTerm: {
    because: "the dataset has a condition that Salus does not know yet.",
    remedy: "Nobody can order it until Salus can check that condition.",
  },
  UndecidedTerm: {
    because: "the dataset has a condition that needs an approval, and Salus cannot check approvals yet.",
    remedy: "Choose another dataset, or come back when approvals can be checked.",
  },
  PermissionNotSingle: {
    because: "the dataset's conditions contradict each other.",
    remedy: "Its owner must list it again with one main permission.",
  },
  UnknownUse: {
    because: "you declared a use that Salus does not know.",
    remedy: "Choose your purpose from the list.",
  },
  NoUseDeclared: { because: "you have not said what you will do.", remedy: "Choose at least one purpose." },
  CareNotPermitted: {
    because: "it may be used for research, not for the care of a patient.",
    remedy: "Declare a research purpose if that is what you do.",
  },
  OnlyHealthResearch: {
    because: "it may be used for research into health only.",
    remedy: "Declare research into health or into one disease, and nothing else.",
  },
  OnlyDiseaseResearch: {
    because: "it may be used for research into one named disease only.",
    remedy: "Declare research into that disease, and nothing else.",
  },
  OtherDisease: {
    because: "it may be used for research into another disease.",
    remedy: "Choose a dataset for the disease that you study.",
  },
  OnlyAncestryResearch: {
    because: "it may be used for research into ancestry only.",
    remedy: "Declare research into ancestry, and nothing else.",
  },
  CommercialUse: {
    because: "it may not be used for commercial ends.",
    remedy: "Choose a dataset that allows it, or do the work without commercial ends.",
  },
  ForProfitOrganisation: {
    because: "profit-making organisations may not use it.",
    remedy: "A hospital, charity or university may ask for it.",
  },
  Reidentification: {
    because: "nobody may try to find out who a person is.",
    remedy: "Change your method so that it does not identify people.",
  },
};

/** The words for a refusal; null when the purpose is permitted. A number that we do not know is a refusal too. */
export function reasonWords(reason: number): ReasonWords | null {
  if (reason === DataUseReason.Permitted) return null;
  const name = (Object.keys(WORDS) as Name[]).find((key) => DataUseReason[key] === reason);
  return name ? WORDS[name] : WORDS.UnknownTerm;
}
