using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>Each reference of R4 to somebody says whose word a resource is, or is named here as saying something else
/// (src/docs/sharing.md#whose-word-it-is).</summary>
public class VoicesTests
{
    /// <summary>Whom it is about, who is to act, takes part, receives, pays, belongs; a plan for others to say something; the ledger.</summary>
    private static readonly HashSet<string> others =
    [
        .. """
        Account.guarantor.party Account.subject AdverseEvent.subject Appointment.participant.actor AuditEvent.agent.who
        AuditEvent.source.observer CarePlan.activity.detail.performer CarePlan.contributor CareTeam.participant.member
        CatalogEntry.referencedItem Claim.careTeam.provider Claim.payee.party Claim.provider ClaimResponse.addItem.provider
        ClaimResponse.requestor Communication.recipient CommunicationRequest.recipient CommunicationRequest.sender
        Consent.provision.actor.reference Contract.term.action.performer Contract.term.action.subject.reference
        Contract.term.asset.valuedItem.recipient Contract.term.asset.valuedItem.responsible Contract.term.offer.party.reference
        Coverage.payor Coverage.policyHolder Coverage.subscriber CoverageEligibilityRequest.item.provider
        CoverageEligibilityRequest.provider CoverageEligibilityResponse.insurance.item.provider CoverageEligibilityResponse.requestor
        DeviceRequest.performer DocumentManifest.recipient DocumentManifest.subject DocumentReference.subject
        Encounter.participant.individual EnrollmentRequest.provider EnrollmentResponse.requestProvider EpisodeOfCare.careManager
        ExplanationOfBenefit.addItem.provider ExplanationOfBenefit.careTeam.provider ExplanationOfBenefit.payee.party
        ExplanationOfBenefit.provider Flag.subject Group.managingEntity Group.member.entity ImagingStudy.referrer
        Invoice.participant.actor Invoice.recipient MeasureReport.subject Media.subject MedicationDispense.receiver
        MedicationRequest.performer MedicinalProduct.contact MessageHeader.destination.receiver Patient.generalPractitioner
        Patient.link.other PaymentNotice.payee PaymentNotice.provider PaymentReconciliation.detail.payee
        PaymentReconciliation.detail.responsible PaymentReconciliation.detail.submitter PaymentReconciliation.requestor
        Person.link.target PractitionerRole.practitioner RequestGroup.action.participant ResearchStudy.principalInvestigator
        Schedule.actor ServiceRequest.performer SupplyDelivery.receiver Task.owner Task.restriction.recipient
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    [Fact]
    public void Every_reference_to_somebody_is_accounted_for()
    {
        var all = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in R4.ResourceTypes.Concat(R4.DataTypes))
            if (R4.Type(name) is { } type && (!type.IsAbstract)) Add(type, all, []);
        Assert.Empty(all.Except(Voices.Elements).Except(others));
        Assert.Empty(Voices.Elements.Concat(others).Except(all));
        Assert.Empty(Voices.Elements.Intersect(others));
    }

    private static void Add(TypeInfo type, SortedSet<string> all, HashSet<TypeInfo> seen)
    {
        if (!seen.Add(type)) return;
        foreach (var element in type.Elements)
            foreach (var choice in element.Types)
            {
                if (choice.TypeName == "Reference"
                    && choice.Targets.Any(t => t is "Practitioner" or "PractitionerRole" or "RelatedPerson")) all.Add($"{type.Name}.{element.Name}");
                if (choice.TypeName.Contains('.') && choice.Type is { } part) Add(part, all, seen);
            }
    }
}
