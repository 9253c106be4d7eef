using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;

namespace FhirCarePlan.Server.Requests;

/// <summary>Faults of an address, for HTTP and for an entry of a bundle alike. https://hl7.org/fhir/R4/http.html</summary>
public static class AddressCheck
{
    private static readonly string[] Always = ["_format", "_pretty"];
    private const string WithoutCriteria = "GET, HEAD, POST, OPTIONS";

    /// <summary>An address that no interaction has with this method.</summary>
    /// <param name="path">Below the base.</param>
    public static Answer NotServed(InteractionTable table, string path)
    {
        var allowed = string.Join(", ", table.Methods(path));
        return allowed.Length > 0
            ? Answer.Refuse(AnswerKind.NotAllowed, IssueType.NotSupported, $"This address answers only {allowed}") with { Allow = allowed }
            : Answer.Refuse(AnswerKind.NotSupported, IssueType.NotSupported,
                "This server has no such interaction or operation; /fhir/metadata lists them");
    }

    /// <summary>Null when the type is served, the address is not too long and the parameters are known.</summary>
    /// <param name="isLenient">Unknown parameters of what only reads are left out.</param>
    public static Answer? Of(Interaction interaction, string type, string query, int length, StoredTypes types, SizeLimits limits, bool isLenient = false)
    {
        // A resource that is only checked may be of any type, above all a Bundle.
        if (type.Length > 0 && !(interaction.TakesAnyType ? R4.ResourceTypes.Contains(type) : types.Serves(type)))
            return Answer.Refuse(AnswerKind.NotSupported, IssueType.NotSupported,
                $"This server does not serve this type; it serves {string.Join(", ", types.All)}");
        if (interaction.ByCriteria && query.Length == 0)
            return Answer.Refuse(AnswerKind.NotAllowed, IssueType.NotSupported,
                $"This changes one resource: name it by its id (`{type}/[id]`), or by criteria (`{type}?identifier=system|value`)") with
            { Allow = WithoutCriteria };
        if (length > limits.Url)
            return Answer.Refuse(AnswerKind.TooLarge, IssueType.TooLong,
                $"The address is longer than {limits.Url} bytes; use POST _search instead");
        return interaction.Parameters is { } known && !(isLenient && interaction is { Writes: false, Body: BodyKind.None }) && HasOther(query, known)
            ? Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid,
                $"This interaction takes only the parameters {string.Join(", ", Always.Concat(known))}", key: "parameter") : null;
    }

    private static bool HasOther(string query, IReadOnlyList<string> known) =>
        QueryParser.Pairs(query).Any(pair => !Always.Contains(pair.Name) && !known.Contains(pair.Name));
}
