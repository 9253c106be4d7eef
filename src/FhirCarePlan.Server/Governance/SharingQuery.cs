using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Matrix;
using Microsoft.Extensions.Primitives;

namespace FhirCarePlan.Server.Governance;

/// <summary>What was asked, from the address or from a form. An empty value is none; of several the first counts.</summary>
internal sealed class SharingQuery(Func<string, StringValues> of)
{
    public const string Html = "html", Json = "json", Csv = "csv";

    public string? this[string name] => of(name) is [{ } value, ..] && value.Trim() is { Length: > 0 } said ? said : null;

    public MatrixFilter Filter => new()
    {
        Party = this["party"], Role = this["role"], Purpose = this["purpose"], Action = this["action"], Type = this["type"],
        Category = this["category"], IsOwn = this["record"] switch { "own" => true, "others" => false, _ => null }, WithLabels = this["labels"] == "yes",
    };

    /// <summary>`format`, or what Accept prefers of the three; null for anything else.</summary>
    public string? Format(HttpRequest request)
    {
        if (this["format"] is { } named) return named is Html or Json or Csv ? named : null;
        foreach (var wanted in request.GetTypedHeaders().Accept.OrderByDescending(a => a.Quality ?? 1))
            switch (wanted.MediaType.Value)
            {
                case "text/html" or "*/*" or "text/*": return Html;
                case "application/json": return Json;
                case "text/csv": return Csv;
            }
        return Html;
    }

    /// <summary>One request to explain; a sentence where it names what the agreement does not have.</summary>
    public (TestCase? Case, string? Fault) Case(SharingMatrix matrix)
    {
        var protocol = matrix.Protocol;
        var (party, role, purpose) = (this["party"] ?? protocol.Parties.FirstOrDefault()?.Id ?? "", this["role"] ?? "", this["purpose"] ?? "");
        var (action, type, consent, tie) = (this["action"] ?? "read", this["type"] ?? "CarePlan", this["consent"] ?? "none", this["tie"] ?? "none");
        var fault = Unknown("party", party, protocol.Parties.Select(p => p.Id)) ?? Unknown("purpose", purpose, protocol.Purposes.Select(p => p.Id))
            ?? Unknown("action", action, Rule.KnownActions) ?? Unknown("tie", tie, Relations.ByName.Keys)
            ?? Unknown("consent", consent, ["none", "granted", "refused"]) ?? Unknown("record", this["record"] ?? "others", ["own", "others"])
            ?? new MatrixFilter { Type = type }.Unknown(matrix);
        return fault is null ? (new(party, role, purpose, action, type, this["record"] == "own", consent, Relations.ByName[tie]), null) : (null, fault);
    }

    internal static string? Unknown(string kind, string name, IEnumerable<string> known) =>
        known.Contains(name) ? null : $"`{name}` is not a {kind}. There are: {string.Join(", ", known)}";
}
