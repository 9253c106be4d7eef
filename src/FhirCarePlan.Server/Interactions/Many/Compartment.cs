using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions.Many;

/// <summary>R4's compartments: what belongs to a Patient, an Encounter, a RelatedPerson, a Practitioner or a Device, by the search parameters
/// that R4's definitions name. https://hl7.org/fhir/R4/compartmentdefinition.html</summary>
public static class Compartment
{
    /// <summary>The types that have one.</summary>
    public static IReadOnlyList<string> Owners { get; } = ["Device", "Encounter", "Patient", "Practitioner", "RelatedPerson"];

    /// <summary>The types of an owner's compartment that are kept as resources here; the owner's own among them.</summary>
    public static IReadOnlyList<string> Members(Work work, string owner) =>
        [.. work.Engine.Types.All.Where(type => Inclusion.IsOn(type) && (type == owner || R4.Compartment(owner, type).Count > 0))];

    public static Membership Of(Work work, string owner, string id, string type) => Of(work, owner, [id], type);

    public static Membership Of(Work work, string owner, IReadOnlyList<string> ids, string type) =>
        new(owner, ids, [.. R4.Compartment(owner, type).Select(code => work.Engine.Parameters.Find(type, code)).OfType<SearchParameter>()]);

    /// <summary>Null when R4 and this server have it; `type` empty for all members.</summary>
    public static Answer? Check(Work work, string owner, string type)
    {
        if (!Owners.Contains(owner)) return Refuse($"R4 has no compartment of a {(R4.Type(owner) is null ? "type of this name" : owner)}; it has those of {string.Join(", ", Owners)}");
        if (!work.Engine.Types.Serves(owner)) return Refuse($"This server does not serve {owner}, and so no compartment of it");
        return type.Length == 0 || Members(work, owner).Contains(type) ? null
            : Refuse($"{type} does not belong to the compartment of a {owner}; these do: {string.Join(", ", Members(work, owner))}");
    }

    private static Answer Refuse(string text) => Answer.Refuse(AnswerKind.NotSupported, IssueType.NotSupported, text);
}
