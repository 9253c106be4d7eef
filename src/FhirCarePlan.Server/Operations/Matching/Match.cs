using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Operations.Matching;

/// <summary>`Patient/$match`: which Patients in the caller's view may be the one described. Candidates come from searches like any other, and are
/// compared as the caller sees them, so a hidden match is none. https://hl7.org/fhir/R4/patient-operation-match.html</summary>
public static class Match
{
    private const string Type = "Patient", NhsNumber = "https://fhir.nhs.uk/Id/nhs-number";
    /// <summary>Candidates of one search: a name that more people have says nothing.</summary>
    private const int MostCandidates = 100;
    private const int MostAnswered = 50;
    private const int MostSearches = 50;

    public static Answer Perform(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        var report = new Report();
        if (work.Reading.Parse(request.Body, report, request.BodyFormat) is not { } body) return Answer.Invalid(report.Issues);
        if (MatchQuestion.Read(body.Root, out var refusal) is not { } question) return refusal!;
        var searches = Searches(question.Patient).ToList();
        if (searches.Count == 0)
            return Answer.Refuse(AnswerKind.Unprocessable, IssueType.Required, "There is nothing to match by: send an identifier, or a family name with a given name or a birth date", key: "parameter");
        if (searches.Count > MostSearches)
            return Answer.Refuse(AnswerKind.Unprocessable, IssueType.TooCostly, $"There is too much to match by: at most {MostSearches} identifiers, names with a given name, and addresses together", key: "parameter");
        var found = new Dictionary<string, (Seen Seen, Shown Shown, PatientLikeness Like)>(StringComparer.Ordinal);
        if (ViewScope.Of(work, Type) is { } scope)
            foreach (var search in searches)
                if (work.Engine.Queries.Parse(Type, $"{search}&_count={MostCandidates}&_total=none", new Report()) is { } query)
                    foreach (var hit in work.Snapshot.Search(query, scope).Hits)
                        if (!found.ContainsKey(hit.Version.Id)) found[hit.Version.Id] = Compare(work, question.Patient, hit);
        var alike = found.Values.Where(f => f.Like.Grade != null && (!question.OnlyCertain || f.Like.Grade == PatientLikeness.Certain))
            .OrderByDescending(f => f.Like.Score).ThenBy(f => f.Seen.Version.Id, StringComparer.Ordinal).ToList();
        // Certain means: this one and no other.
        if (question.OnlyCertain && alike.Count > 1) alike.Clear();
        alike = [.. alike.Take(question.Count ?? MostAnswered)];
        var bundle = new BundleWriter("searchset");
        bundle.Total(alike.Count);
        foreach (var (seen, shown, like) in alike)
            bundle.Match($"{request.BaseUrl}/{Type}/{seen.Version.Id}", work.Show(seen, shown), like.Score, like.Grade!);
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }

    private static (Seen, Shown, PatientLikeness) Compare(Work work, Node wanted, Storage.SearchHit hit)
    {
        var (seen, shown) = (ViewScope.See(work.Sight, hit), new Shown(hit.Version.VersionId, hit.Version.LastUpdated));
        return (seen, shown, hit.Version.DamagedRow != null ? new(0, null)
            : PatientLikeness.Of(wanted, work.Reading.Parse(work.InForce.View(seen.Version, seen.Decision, shown, null)).Root));
    }

    /// <summary>Each finds candidates by what several records of one person share.</summary>
    private static IEnumerable<string> Searches(Node patient)
    {
        foreach (var identifier in patient.All("identifier"))
            if (identifier.TextOf("value") is { Length: > 0 } value && identifier.TextOf("system") is { Length: > 0 } system)
            {
                var plain = value.Replace(" ", "", StringComparison.Ordinal);
                yield return system == NhsNumber && plain.Length == 10 ? $"identifier={Token(system, plain)},{Token(system, $"{plain[..3]} {plain[3..6]} {plain[6..]}")}" : $"identifier={Token(system, value)}";
            }
        var born = patient.TextOf("birthDate");
        foreach (var name in patient.All("name"))
        {
            if (name.TextOf("family") is not { Length: > 0 } family) continue;
            if (born != null) yield return $"family={Value(family)}&birthdate={Value(born)}";
            foreach (var given in name.All("given"))
                if (given.Text is { Length: > 0 } text)
                {
                    yield return $"family={Value(family)}&given={Value(text)}";
                    if (born != null) yield return $"given={Value(text)}&birthdate={Value(born)}";
                }
        }
        foreach (var address in patient.All("address"))
            if (born != null && address.TextOf("postalCode") is { Length: > 0 } code) yield return $"birthdate={Value(born)}&address-postalcode={Value(code)}";
    }

    private static string Token(string system, string value) => $"{Value(system)}%7C{Value(value)}";

    /// <summary>A search takes `,`, `$` and `|` for its own.</summary>
    private static string Value(string text) => Uri.EscapeDataString(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)
        .Replace("$", "\\$", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal));
}
