using FhirCarePlan.Fhir.Validation.Rules;
using FhirCarePlan.Fhir.Validation.Rules.Bundles;
using FhirCarePlan.Fhir.Validation.Rules.Conformance;
using FhirCarePlan.Fhir.Validation.Rules.Questionnaires;

namespace FhirCarePlan.Fhir.Validation.Compiling;

/// <summary>What base R4 asks of one type in words, beside its elements and invariants. A type not listed costs nothing.</summary>
internal static class TypeRules
{
    public static IEnumerable<IRule> For(string type, Shapes shapes)
    {
        switch (type)
        {
            case "Coding": yield return new CodingRule(shapes); break;
            case "Quantity" or "Age" or "Count" or "Distance" or "Duration": yield return new UnitRule(); break;
            case "Attachment": yield return new AttachmentRule(); break;
            case "Identifier": yield return new IdentifierRule(); break;
            case "Reference": yield return new ReferenceTypeRule(); break;
            case "Narrative": yield return new TextLinkRule(); break;
            case "Observation": yield return new VitalSignsRule(shapes); break;
            case "CodeSystem": yield return new CodeSystemRule(); break;
            case "ValueSet": yield return new ValueSetRule(shapes); break;
            case "Extension": yield return new ExtensionRule(shapes); break;
            case "Bundle": yield return new BundleRule(); break;
            case "StructureDefinition": yield return new StructureDefinitionRule(); break;
            case "SearchParameter": yield return new SearchParameterRule(); break;
            case "Questionnaire": yield return new QuestionnaireRule(); break;
            case "QuestionnaireResponse": yield return new QuestionnaireResponseRule(); break;
        }
    }
}
