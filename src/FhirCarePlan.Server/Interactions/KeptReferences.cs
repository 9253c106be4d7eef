using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Server.Interactions;

/// <summary>A resource's references as they are kept, made so on the way in: our own absolute addresses relative, and a person named by NHS
/// number alone by the Patient as well. What judges, labels, indexes and cares then knows one form only (src/docs/sharing.md#leaks, 41).
/// https://hl7.org/fhir/R4/references.html</summary>
public static class KeptReferences
{
    private const string NhsNumber = "https://fhir.nhs.uk/Id/nhs-number";

    /// <summary>The same document when there is nothing to change. Issues about the new one name the lines that were sent.</summary>
    public static Document Of(Work work, Document document)
    {
        var edit = new DocumentEdit(document);
        SetRelative(document, work.Engine.Own.All, edit);
        // A single organisation's server stores references as sent, except the person whom a Consent binds.
        if (work.InForce.Protocol.IsSoleParty && document.Type.Name != "Consent") return edit.IsEmpty ? document : edit.Apply();
        foreach (var person in PersonReference.All(document.Root))
            if (Number(person) is { } number && PatientInView(work, number) is { } patient) edit.Set(person, "reference", patient);
        return edit.IsEmpty ? document : edit.Apply();
    }

    private static void SetRelative(Document document, BaseAddresses own, DocumentEdit edit)
    {
        if (own.IsEmpty) return;
        for (var i = 1; i < document.Count; i++)
        {
            if (document[i] is not { Name: "reference", Parent.Type.Name: "Reference", HasValue: true } address) continue;
            if (!MayBeAbsolute(address.Raw)) continue;
            var written = address.Text!;
            if (Reference.Parse(written, own).Text is { } kept && kept != written) edit.Set(address, kept);
        }
    }

    /// <summary>Most references are relative: they are passed over without being read.</summary>
    private static bool MayBeAbsolute(ReadOnlySpan<byte> token) => token.Contains((byte)':') || token.Contains((byte)'\\');

    /// <summary>The number, when it is all that names the person.</summary>
    private static string? Number(Node person)
    {
        if (Reference.Of(person).Kind != ReferenceKind.Identifier) return null;
        if (person.TextOf("type") is { } type && Reference.LastPart(type) != "Patient") return null;
        var identifier = person["identifier"];
        if (identifier.TextOf("system") != NhsNumber || identifier.TextOf("value") is not { } value) return null;
        var number = value.Replace(" ", "", StringComparison.Ordinal);
        return number.Length == 10 && number.All(char.IsAsciiDigit) ? number : null;
    }

    /// <summary>`Patient/x`, if one Patient in the caller's view has the number, as the same transaction leaves it. It searches as any
    /// search does: hidden and unknown are the same.</summary>
    private static string? PatientInView(Work work, string number)
    {
        var spaced = $"{number[..3]} {number[3..6]} {number[6..]}";
        var asked = $"identifier={Uri.EscapeDataString($"{NhsNumber}|{number},{NhsNumber}|{spaced}")}&_count=2";
        if (work.Engine.Queries.Parse("Patient", asked, new Report()) is not { } query) return null;
        var own = work.Staging.PatientsWith(number);
        var found = ViewScope.Of(work, query) is not { } scope ? []
            : work.Snapshot.Search(query, scope).Hits.Select(h => h.Version.Id).Where(id => work.Staging.Find("Patient", id) is null);
        return found.Concat(own).Take(2).ToList() is [var only] ? $"Patient/{only}" : null;
    }
}
