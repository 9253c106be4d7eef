using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>A Patient is one party's record of a person, apart from the person. Identifiers, practice, managing organization and links
/// speak for everybody, so they need `register` (src/docs/sharing.md#ties, src/docs/sharing.md#rights).
/// https://hl7.org/fhir/R4/patient.html</summary>
public sealed class PatientRule(Protocol protocol)
{
    private const string NhsNumber = "https://fhir.nhs.uk/Id/nhs-number";
    private const string Verification = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";
    private const string GpSector = "gp-practice";
    private static readonly string[] Registered = ["identifier", "generalPractitioner", "managingOrganization", "link"];
    private static readonly string[] ProxyRoles = ["Guardian", "ProxyContact", "ProxyCommunication", "POWATT", "DPOWATT", "HPOWATT",
        "GUARD", "GUADLTM"];

    public Refusal? Judge(Write write, IWorld world, List<Issue> issues, Effects effects)
    {
        var canRegister = protocol.HasRight(write.Caller, Rights.Register);
        if (write.New?.Root is not { } patient)
        {
            effects.Ties = [];
            return canRegister ? null : Rights.Lacking(protocol, write.Caller, Rights.Register);
        }
        var old = write.Old?.Document.Root ?? Node.Missing;
        foreach (var element in Registered)
            if (!canRegister && !Same(old, patient, element))
                return Rights.Lacking(protocol, write.Caller, Rights.Register);

        // Parts that only a registrar may change are kept in other callers' writes.
        if (!canRegister && write.Old != null) return null;
        // Typing a number does not make two records one person: the answer is the same whoever else has it (src/docs/sharing.md#leaks, 42).
        var number = canRegister ? VerifiedNumber(patient) : null;
        if (write.Old is null)
        {
            effects.Person = world.NewPerson();
            effects.IsNewPerson = true;
        }
        effects.Identity = new PatientIdentity(write.Id, effects.Person!, number, Stated(patient, number),
            protocol.HasRight(write.Caller, Rights.Confirm));
        effects.Ties = Practices(write, patient, world, issues, effects);
        effects.IsWidening |= effects.Ties.Count > 0;
        return null;
    }

    /// <summary>A proxy is recorded by a caller with `record-proxy`.</summary>
    public Refusal? JudgeProxy(Write write, long kinds)
    {
        var isProxy = IsProxy(write.New?.Root) || IsProxy(write.Old?.Document.Root);
        return isProxy && !protocol.HasRight(write.Caller, Rights.RecordProxy, kinds)
            ? Rights.Lacking(protocol, write.Caller, Rights.RecordProxy) : null;
    }

    internal static bool IsProxy(Node? related)
    {
        if (related is not { IsMissing: false } node) return false;
        foreach (var relationship in node.All("relationship"))
            foreach (var coding in relationship.All("coding"))
                if (ProxyRoles.Contains(coding.TextOf("code"))) return true;
        return false;
    }

    /// <summary>The registered practice has a relationship, on the word of the party that registered it: a practice's own list opens what
    /// the practice holds (src/docs/sharing.md#ties).</summary>
    private List<Tie> Practices(Write write, Node patient, IWorld world, List<Issue> issues, Effects effects)
    {
        var ties = new List<Tie>();
        foreach (var practitioner in patient.All("generalPractitioner"))
        {
            if (protocol.PartyOf(practitioner, world) is not { } party) continue;
            if (!protocol.IsSoleParty && protocol.Party(party)!.Sector != GpSector)
                issues.Add(new Issue(IssueSeverity.Error, IssueType.BusinessRule, practitioner.Location,
                    $"A general practice must be a party of the sector `{GpSector}`. Add other agencies to the care team")
                {
                    Key =
                    "sector"
                });
            var from = world.Standing(write, effects.Person!, party, Relation.Registered)?.From ?? world.Now;
            ties.Add(new Tie(effects.Person!, party, Relation.Registered, null, from, null, write.Reference,
                protocol.Asserter(write.Caller, party)));
        }
        return ties;
    }

    private static string? VerifiedNumber(Node patient)
    {
        foreach (var identifier in Numbers(patient))
            foreach (var extension in identifier.All("extension"))
                if (extension.TextOf("url") == Verification)
                    foreach (var coding in extension["value"].All("coding"))
                        if (coding.TextOf("code") is "number-present-and-verified" or "01") return Written(identifier);
        return null;
    }

    private static List<string> Stated(Node patient, string? verified) =>
        [.. Numbers(patient).Select(Written).OfType<string>().Where(n => n != verified).Distinct()];

    private static IEnumerable<Node> Numbers(Node patient)
    {
        foreach (var identifier in patient.All("identifier"))
            if (identifier.TextOf("system") == NhsNumber) yield return identifier;
    }

    /// <summary>`999 412 7004` is the same number.</summary>
    private static string? Written(Node identifier) => identifier.TextOf("value")?.Replace(" ", "", StringComparison.Ordinal);

    private static bool Same(Node a, Node b, string element) => ElementText.Of(a, element) == ElementText.Of(b, element);
}
