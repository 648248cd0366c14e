/** Small FHIR R4 bundles for tests. */
export interface TestSubject {
  readonly birthDate?: string;
  readonly gender?: string;
  readonly conditions?: readonly (
    string | { code: string; system?: string; clinical?: string; verification?: string }
  )[];
  readonly observations?: readonly {
    loinc: string;
    value: number;
    unit: string;
    at?: string;
    status?: string;
  }[];
}

export function bundleOf(subject: TestSubject): unknown {
  const resources = [
    { resourceType: "Patient", birthDate: subject.birthDate, gender: subject.gender },
    ...(subject.conditions ?? []).map(conditionOf),
    ...(subject.observations ?? []).map((each) => ({
      resourceType: "Observation",
      status: each.status ?? "final",
      code: { coding: [{ system: "http://loinc.org", code: each.loinc }] },
      effectiveDateTime: each.at,
      valueQuantity: quantity(each.value, each.unit),
    })),
  ];
  const json = JSON.stringify({
    resourceType: "Bundle",
    type: "collection",
    entry: resources.map((resource) => ({ resource })),
  });
  return JSON.parse(json);
}

export function quantity(value: number, unit: string): object {
  return { value, unit, system: "http://unitsofmeasure.org", code: unit };
}

function conditionOf(input: NonNullable<TestSubject["conditions"]>[number]): object {
  const each = typeof input === "string" ? { code: input } : input;
  const status = (code: string | undefined) => (code === undefined ? undefined : { coding: [{ code }] });
  return {
    resourceType: "Condition",
    clinicalStatus: status(each.clinical ?? "active"),
    verificationStatus: status(each.verification),
    code: { coding: [{ system: each.system ?? "http://hl7.org/fhir/sid/icd-10-cm", code: each.code }] },
  };
}
