// What a client of CPA care plans needs beside a FHIR client: the extensions by name, and partial views that cannot be overlooked.
const base = 'https://fhir.cpa.example/';
const extension = (resource, name) => (resource.extension ?? []).find(e => e.url === `${base}StructureDefinition/Extension-CPA-${name}`);
const part = (whole, name) => (whole?.extension ?? []).find(e => e.url === name);
const code = (concept, system) => (concept?.coding ?? []).find(c => c.system === `${base}CodeSystem/CPA-${system}`)?.code;

export const careCoordinator = plan => extension(plan, 'CareCoordinator')?.valueReference;
export const crisisPlan = plan => extension(plan, 'CrisisPlan')?.valueReference;
export const lastReview = plan => part(extension(plan, 'ReviewArrangements'), 'lastReviewDate')?.valueDate;
export const nextReview = plan => part(extension(plan, 'ReviewArrangements'), 'nextReviewDate')?.valueDate;
export const setNextReview = (plan, day) => { part(extension(plan, 'ReviewArrangements'), 'nextReviewDate').valueDate = day; };
export const needDomain = condition => code(extension(condition, 'NeedDomain')?.valueCodeableConcept, 'NeedDomain');
export const needStatus = condition => code(extension(condition, 'NeedStatus')?.valueCodeableConcept, 'NeedStatus');
export const agreements = plan => (plan.extension ?? []).filter(e => e.url === `${base}StructureDefinition/Extension-CPA-PlanAgreement`)
  .map(e => ({ party: code(part(e, 'party')?.valueCodeableConcept, 'TeamRole'), agreed: part(e, 'agreed')?.valueBoolean }));

/** The ids of the rules that a refused request broke. */
export const rules = refused => (refused.response?.data?.issue ?? []).filter(i => i.severity === 'error' || i.severity === 'fatal')
  .flatMap(i => i.details?.coding ?? []).filter(c => c.system === `${base}CodeSystem/CPA-Rule`).map(c => c.code);

/** What is withheld: { categories, clause, ask }; undefined for a whole resource. */
export function withheld(resource) {
  const notice = (resource.meta?.extension ?? []).find(e => e.url === `${base}StructureDefinition/Extension-CPA-Withheld`);
  const marks = [...(resource.meta?.tag ?? []), ...(resource.meta?.security ?? [])];
  if (!notice && !marks.some(m => m.code === 'SUBSETTED' || m.code === 'REDACTED')) return undefined;
  return {
    categories: (notice?.extension ?? []).filter(e => e.url === 'category').map(e => e.valueCode),
    clause: part(notice, 'clause')?.valueString ?? 'This is a part of the resource',
    ask: part(notice, 'ask')?.valueString,
  };
}

/** Hands a resource to one of two functions; there is no way to forget the second. */
export function view(resource, { whole, partial }) {
  const notice = withheld(resource);
  return notice ? partial(resource, notice) : whole(resource);
}
