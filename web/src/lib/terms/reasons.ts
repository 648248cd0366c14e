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
  TermsIncomplete: {
    because: "one of the dataset's conditions needs a date, and there is none.",
    remedy: "Its owner must list it again with that date.",
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
    because: "it may be used by not-for-profit organisations, and not for profit, only.",
    remedy: "A hospital, charity or university may ask for it, for work that is not commercial.",
  },
  Reidentification: {
    because: "nobody may try to find out who a person is.",
    remedy: "Change your method so that it does not identify people.",
  },
  MethodsNotPermitted: {
    because: "it may not be used to develop methods.",
    remedy: "Declare research without the development of methods.",
  },
  OnlyGeneticStudies: {
    because: "it may be used for genetic studies only.",
    remedy: "Declare that your study looks at genes, if it does.",
  },
  CommercialOrForProfit: {
    because: "it may be used neither for commercial ends nor by profit-making organisations.",
    remedy: "A hospital, charity or university may ask for it, for work that is not commercial.",
  },
  AncestryNotPermitted: {
    because: "it may not be used for research into ancestry.",
    remedy: "Declare another purpose.",
  },
  PublicationNotPromised: {
    because: "results must be made public, and you have not promised that.",
    remedy: "Promise to make your results public.",
  },
  ReturnNotPromised: {
    because: "what you derive from it must be given back, and you have not promised that.",
    remedy: "Promise to give derived data back to the dataset's owner.",
  },
  MoratoriumNotAccepted: {
    because: "nothing may be published yet, and you have not promised to wait.",
    remedy: "Promise to publish nothing before the dataset's date.",
  },
  TimeLimitExceeded: {
    because: "it may be used until a certain date only, and your use would end after it.",
    remedy: "Ask for an earlier delivery, or choose another dataset.",
  },
  RestrictionNotAttested: {
    because: "it is for certain research only, and nobody has attested that yours is such research.",
    remedy: "Apply for it here. Once a committee has attested it, your order takes it by itself.",
  },
  CollaborationNotAttested: {
    because: "it asks you to work together with those who collected it, and nobody has attested that you do.",
    remedy:
      "Agree on a collaboration, then apply here for an attestation of it. Your order takes it by itself.",
  },
  EthicsApprovalMissing: {
    because: "it asks for an ethics committee's approval of exactly this use.",
    remedy: "Apply for it here. Once a committee has approved, your order takes the approval by itself.",
  },
  CountryNotPermitted: {
    because: "it may not be used in the country where you work.",
    remedy: "Do the work in a country that the dataset allows, or choose another dataset.",
  },
  UserNotAttested: {
    because: "it is for certain people only, and nobody has attested that you are one of them.",
    remedy: "Apply for it here. Once a committee has attested it, your order takes it by itself.",
  },
  ProjectNotAttested: {
    because: "it is for certain projects only, and nobody has attested that yours is one of them.",
    remedy: "Apply for it here. Once a committee has attested it, your order takes it by itself.",
  },
  InstitutionNotAttested: {
    because: "it is for certain institutions only, and nobody has attested that yours is one of them.",
    remedy: "Apply for it here. Once a committee has attested it, your order takes it by itself.",
  },
};

/** The words for a refusal; null when the purpose is permitted. A number that we do not know is a refusal too. */
export function reasonWords(reason: number): ReasonWords | null {
  if (reason === DataUseReason.Permitted) return null;
  const name = (Object.keys(WORDS) as Name[]).find((key) => DataUseReason[key] === reason);
  return name ? WORDS[name] : WORDS.UnknownTerm;
}
