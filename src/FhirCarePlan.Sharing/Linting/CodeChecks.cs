using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing;

/// <summary>Are the code lists of real codes, defined where they are named, and used?</summary>
internal static class CodeChecks
{
    /// <summary>Code systems whose codes begin with their family's code.</summary>
    private static readonly Terminology[] hierarchicalByText =
        [Terminologies.Icd10, Terminologies.Icd11, Terminologies.Icd9, Terminologies.Atc, Terminologies.Read2];

    public static void Lists(Protocol protocol, ProtocolReport report)
    {
        if (protocol.Codes.Count > CodeList.Limit)
            report.Error("too-many-code-lists", 1, $"There are {protocol.Codes.Count} code lists; there must be at most {CodeList.Limit}.",
                "Join some.");
        var used = protocol.Categories.SelectMany(c => c.Codes.Concat(c.RootCodes.Values.SelectMany(v => v)))
            .Concat(protocol.Sensitivities.SelectMany(s => s.Codes)).ToHashSet();
        var unlisted = protocol.Categories.SelectMany(c => c.UnlistedOf).ToHashSet();
        foreach (var list in protocol.Codes)
        {
            // A list that no category names still says that its codes are of nothing that has to be kept.
            if (unlisted.Count == 0 && !used.Contains(list.Id))
                report.Warning("unused-code-list", list.Line, $"No category and no sensitivity names `{list.Id}`.",
                    "Name it under `codes`, or take it out.", list.Id);
            foreach (var (system, codes) in list.Systems)
            {
                if (!Uri.TryCreate(system, UriKind.Absolute, out _))
                    report.Error("code-system", list.Line, $"`{system}` of `{list.Id}` is not the address of a code system.",
                        "Write its URI.", system);
                if (codes.Count == 0)
                    report.Error("empty-code-list", list.Line, $"`{list.Id}` lists no code of {system}.",
                        "List one, or take the system out.", system);
                foreach (var code in codes) Code(list, system, code, report);
            }
        }
        Unlisted(protocol, report);
    }

    private static void Code(CodeList list, string system, string code, ProtocolReport report)
    {
        var isFamily = code.EndsWith('*') || code.Contains(CodeList.To, StringComparison.Ordinal);
        if (code.IndexOf('*') is >= 0 and var star && (star != code.Length - 1 || star < 2)
            || isFamily && code.Split(CodeList.To) is [var from, var to]
            && (from.Length != to.Length || from.Length < 2 || string.CompareOrdinal(from, to) >= 0))
            report.Error("code-family", list.Line, $"`{code}` of `{list.Id}` is not a family of codes.",
                "Write at least two characters and one `*` at the end, or the first code, ` to ` and the last one, equally long.", code);
        else if (isFamily && !hierarchicalByText.Any(t => t.Address == system))
            report.Error("code-family", list.Line,
                $"`{code}` of `{list.Id}`: {system} is not a hierarchical code system, so a family of codes cannot be named.",
                "List the codes one by one.", code);
        else if (system == CodeList.Snomed && !SnomedId.IsConcept(code))
            report.Error("code-check-digit", list.Line,
                $"`{code}` of `{list.Id}` is not the id of a SNOMED CT concept: its check digit is wrong.",
                "Correct the id.", code);
        else if (!code.Replace(CodeList.To, "", StringComparison.Ordinal).TrimEnd('*')
            .All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            report.Error("code-format", list.Line, $"`{code}` of `{list.Id}` has a character that codes here may not have.",
                "Use letters, digits, dots and hyphens.", code);
        else if (!isFamily && Terminologies.Of(system) is { Form: { } form } terminology && !form(code))
            report.Error("code-format", list.Line, $"`{code}` of `{list.Id}` cannot be a code of {terminology.Name}: {terminology.Must}.",
                "Correct the code.", code);
    }

    private static void Unlisted(Protocol protocol, ProtocolReport report)
    {
        foreach (var category in protocol.Categories)
            foreach (var system in category.UnlistedOf)
                if (Terminologies.Of(system)?.Address != system)
                    report.Error("unlisted-of", category.Line,
                        $"`{system}` of `{category.Id}` is not the address of a clinical terminology.",
                        $"Take some of {string.Join(", ", Terminologies.All.Select(t => t.Address))}.");
    }

    public static void Names(Protocol protocol, ProtocolReport report)
    {
        var known = protocol.Codes.Select(c => c.Id).ToHashSet();
        foreach (var category in protocol.Categories)
        {
            Known(category.Codes, category.Line);
            foreach (var (type, names) in category.RootCodes)
            {
                Known(names, category.Line);
                if (!CategoryExpression.IsType(type))
                    report.Error("unknown-type", category.Line, $"`{type}` is not a resource type.", "Take a resource type of R4.", type);
            }
        }
        foreach (var sensitivity in protocol.Sensitivities) Known(sensitivity.Codes, sensitivity.Line);

        void Known(IEnumerable<string> names, int line)
        {
            foreach (var name in names)
                if (!known.Contains(name))
                    report.Error("unknown-code-list", line, $"`{name}` is not a code list of this protocol.", "Define it under `codes`.",
                        name);
        }
    }
}
