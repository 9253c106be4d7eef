using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Validation.Choosing;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>Addresses below our own canonical base, or so near to it that ours was meant. All that we define is at hand, so what is not known
/// there is a mistake and not somebody else's definition.</summary>
internal static class OwnNamespace
{
    private const int Most = 4;

    /// <summary>False when the run knows no namespace of its own.</summary>
    public static bool Holds(string address, Run run)
    {
        if (run.Options.OwnNamespace is not { } own) return false;
        if (address.StartsWith(own, StringComparison.OrdinalIgnoreCase)) return true;
        return address.Length < 1000 && Uri.TryCreate(address, UriKind.Absolute, out var given) && given.Host.Length > 0
            && Uri.TryCreate(own, UriKind.Absolute, out var ours) && (given.Host == ours.Host || EditDistance.Of(given.Host, ours.Host, 2) != null);
    }

    /// <summary>` Did you mean …?`, or nothing.</summary>
    /// <param name="type">Of the definitions that may have been meant: `StructureDefinition`, `CodeSystem`.</param>
    public static string Suggestion(string address, string type, Run run)
    {
        var plain = DefinitionSet.Plain(address);
        string? best = null;
        var least = Most + 1;
        foreach (var file in run.Definitions.All(type))
            if (file.Url is { } url && url.StartsWith(run.Options.OwnNamespace!, StringComparison.Ordinal)
                && EditDistance.Of(plain, url, Most) is { } distance && distance < least)
                (best, least) = (url, distance);
        return best is null ? "" : best == plain ? $"; did you mean `{best}` without a version?" : $"; did you mean `{best}`?";
    }
}
