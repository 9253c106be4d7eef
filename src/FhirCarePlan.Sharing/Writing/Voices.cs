using System.Collections.Frozen;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>In which way an element says whose word a resource is.</summary>
public enum Voice
{
    /// <summary>It names nobody whose word this is: who is to act, took part, pays, receives.</summary>
    None,
    /// <summary>Who put this on record or asks for it.</summary>
    Author,
    /// <summary>Who said it: the recorder may have heard it from the person.</summary>
    Told,
    /// <summary>Who sent it, did it, vouched for it or signed it.</summary>
    Did,
}

/// <summary>Every element of R4 that says who said, wrote, sent, asserted, recorded, performed or signed something, after R4's own mapping
/// to the five questions (author, source, actor, witness). A test holds it complete: each reference to somebody is here, or is named there
/// as saying something else. https://hl7.org/fhir/R4/fivews.html</summary>
public static class Voices
{
    private static readonly FrozenDictionary<string, Voice> known = Table().ToFrozenDictionary(StringComparer.Ordinal);

    /// <param name="element">The type or backbone element, a dot, and the element's name.</param>
    public static Voice Of(string element) => known.GetValueOrDefault(element);

    public static IEnumerable<string> Elements => known.Keys;

    /// <summary>The references of a document that say whose word it is, its contained resources' too.</summary>
    public static IEnumerable<(Node Who, Voice Voice)> In(Document document)
    {
        for (var i = 1; i < document.Count; i++)
            if (document[i] is { Type.Name: "Reference" } node
                && Of($"{node.Parent.Type.Name}.{node.Name}") is not Voice.None and var voice)
                yield return (node, voice);
    }

    private static Dictionary<string, Voice> Table()
    {
        var table = new Dictionary<string, Voice>(StringComparer.Ordinal);
        Are(Voice.Author,
            """
            AdverseEvent.recorder AdverseEvent.suspectEntity.causality.author AllergyIntolerance.recorder Basic.author CarePlan.author
            ChargeItem.enterer Claim.enterer CommunicationRequest.requester Composition.author Composition.section.author Condition.recorder
            Contract.author Contract.term.action.requester CoverageEligibilityRequest.enterer DetectedIssue.author
            DetectedIssue.mitigation.author
            DeviceRequest.requester DocumentManifest.author DocumentReference.author ExplanationOfBenefit.enterer Flag.author Linkage.author
            MeasureReport.reporter MedicationRequest.recorder MedicationRequest.requester MessageHeader.author MessageHeader.enterer
            NutritionOrder.orderer Procedure.recorder Provenance.agent.who QuestionnaireResponse.author RequestGroup.author
            ServiceRequest.requester SupplyRequest.requester Task.requester VisionPrescription.prescriber
            """);
        Are(Voice.Told,
            """
            AllergyIntolerance.asserter Annotation.author Condition.asserter Consent.performer
            Consent.verification.verifiedWith DeviceUseStatement.source Goal.expressedBy List.source MedicationRequest.reported
            MedicationStatement.informationSource Procedure.asserter QuestionnaireResponse.source
            """);
        Are(Voice.Did,
            """
            AdverseEvent.contributor AppointmentResponse.actor BiologicallyDerivedProduct.collection.collector ChargeItem.performer.actor
            ClinicalImpression.assessor Communication.sender Composition.attester.party Contract.contentDefinition.publisher
            Contract.signer.party DiagnosticReport.performer DiagnosticReport.resultsInterpreter DocumentReference.authenticator
            ImagingStudy.interpreter ImagingStudy.series.performer.actor Immunization.performer.actor Media.operator
            MedicationAdministration.performer.actor MedicationDispense.performer.actor MedicationDispense.substitution.responsibleParty
            MessageHeader.responsible MessageHeader.sender Observation.performer Procedure.performer.actor Provenance.agent.onBehalfOf
            RiskAssessment.performer Signature.onBehalfOf Signature.who Specimen.collection.collector SupplyDelivery.supplier
            VerificationResult.attestation.onBehalfOf VerificationResult.attestation.who VerificationResult.primarySource.who
            """);
        return table;

        void Are(Voice voice, string elements)
        {
            foreach (var element in elements.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) table.Add(element, voice);
        }
    }
}
