using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing;

/// <summary>Are the names right: unique, well-formed, defined, and not too many?</summary>
internal static class NameChecks
{
    public static void Ids(Protocol protocol, ProtocolReport report)
    {
        Unique("party", protocol.Parties.Select(p => (p.Id, p.Line)));
        Unique("rule", protocol.Rules.Select(r => (r.Id, r.Line))
            .Concat(protocol.Bars.Select(b => (b.Id, b.Line)))
            .Concat(protocol.Parties.SelectMany(p => p.Home).Concat(protocol.Systems.Select(s => s.Home)).Select(h => (h.Id, h.Line))));
        Unique("purpose", protocol.Purposes.Select(p => (p.Id, p.Line)));
        Unique("gateway", protocol.Gateways.Select(g => (g.Id, g.Line)));
        Unique("category", protocol.Categories.Select(c => (c.Id, c.Line)));
        Unique("code list", protocol.Codes.Select(c => (c.Id, c.Line)));
        Unique("override", protocol.Overrides.Select(o => (o.Id, o.Line)));
        Unique("system", protocol.Systems.Select(s => (s.Id, s.Line)));
        if (!Version.TryParse(protocol.Version, out _))
            report.Error("version", 1, $"`{protocol.Version}` is not a version.", "Write major.minor.patch.", "version");
        if (protocol.Url.Length > 0
            && (!Uri.TryCreate(protocol.Url, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http" or "urn")
            || protocol.Url.Contains('|', StringComparison.Ordinal) || url.Fragment.Length > 0))
            report.Warning("url", 1, $"`{protocol.Url}` is not an absolute URL without a version.",
                "Write an address such as https://example.org/sharing/name.", "url");

        void Unique(string kind, IEnumerable<(string Id, int Line)> named)
        {
            var seen = new HashSet<string>();
            foreach (var (id, line) in named)
            {
                if (!seen.Add(id))
                    report.Error("duplicate-id", line, $"There is more than one {kind} `{id}`.", "Give each an id of its own.", id);
                if (!id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') || id.Length is 0 or > 64
                    || id is "all" or "none")
                    report.Error("id-format", line, $"`{id}` is not an id.", "Lower-case letters, digits and hyphens, at most 64.", id);
            }
        }
    }

    public static void Bits(Protocol protocol, ProtocolReport report)
    {
        var names = ProtocolBits.NamesOf(protocol);
        if (names.Count > ProtocolBits.Limit)
            report.Error("too-many-categories", 1,
                $"There are {names.Count} categories, sensitivities and labels; there must be at most {ProtocolBits.Limit}.", "Join some.");
        if (names.Distinct().Count() < names.Count)
            report.Error("duplicate-id", 1, "A category, a sensitivity or a confidentiality code share a name.", "Name them apart.");
    }

    public static void Categories(Protocol protocol, ProtocolReport report)
    {
        foreach (var name in Category.BuiltIn)
            if (protocol.Category(name) is null)
                report.Error("missing-category", 1, $"The category `{name}` is missing.",
                "Every protocol defines it: the service itself speaks of it.", "categories");
        foreach (var category in protocol.Categories)
        {
            if (category.Within is { } within && protocol.Category(within) is not { Within: null })
                report.Error("unknown-category", category.Line,
                    $"`{category.Id}` is within `{within}`, which is not a category of its own.", "Name one that is within no other.",
                    within);
            if (!Category.BuiltIn.Contains(category.Id) && category.Roots.Count == 0 && category.Elements.Count == 0 && !category.GoesByCode
                && category.RootCodes.Count == 0)
                report.Warning("empty-category", category.Line, $"Nothing ever belongs to `{category.Id}`.",
                    "Give it roots or elements, or take it out.");
            foreach (var (type, expressions) in category.Roots.Select(r => (r.Key, (IReadOnlyList<string>)[r.Value]))
                .Concat(category.Elements.Select(e => (e.Key, e.Value))))
                foreach (var expression in expressions)
                {
                    if (CategoryExpression.Fault(type, expression) is { } fault)
                        report.Error("category-expression", category.Line, $"`{category.Id}`, {type}: {fault}",
                            "Correct the type or the FHIRPath.", type);
                    if (expression.Contains("resolve()", StringComparison.Ordinal)
                        || expression.Contains("meta.profile", StringComparison.Ordinal))
                        report.Error("category-depends", category.Line, $"`{category.Id}` hangs on `resolve()` or `meta.profile`.",
                            "A category depends on the content of the resource alone: a profile is a claim, and a target can change.",
                            type);
                }
        }
    }

    public static void Used(Protocol protocol, ProtocolReport report)
    {
        foreach (var rule in protocol.Rules)
        {
            Known("party", rule.To, rule.Line);
            Known("role", rule.Roles, rule.Line);
            Known("purpose", rule.Purposes, rule.Line);
            Known("category", rule.Data, rule.Line);
            Known("action", rule.Actions, rule.Line);
            Known("type", rule.Types, rule.Line);
            Known("sensitivity", rule.Clearance.Sensitivities, rule.Line);
            if (rule.Gateway is { } gateway) Known("gateway", Names.Of(gateway), rule.Line);
        }
        foreach (var home in protocol.Parties.SelectMany(p => p.Home).Concat(protocol.Systems.Select(s => s.Home)))
        {
            Known("role", home.Roles, home.Line);
            Known("purpose", home.Purposes, home.Line);
            Known("category", home.Data, home.Line);
            Known("action", home.Actions, home.Line);
            Known("type", home.Types, home.Line);
            Known("sensitivity", home.Clearance.Sensitivities, home.Line);
        }
        foreach (var right in protocol.Parties.SelectMany(p => p.Rights)) Known("role", right.Roles, right.Line);
        foreach (var system in protocol.Systems)
        {
            Known("party", system.Parties, system.Line);
            foreach (var right in system.Rights)
                if (!Right.Known.Contains(right))
                    report.Error("unknown-right", system.Line, $"`{right}` is not a right.", $"Allowed: {string.Join(", ", Right.Known)}.",
                    right);
        }
        if (protocol.Owner is { } owner) Known("party", Names.Of(owner), 1);
        foreach (var purpose in protocol.Purposes)
        {
            Known("party", purpose.Parties, purpose.Line);
            if (!PurposeCodes.IsKnown(purpose.Code))
                report.Error("unknown-purpose", purpose.Line, $"`{purpose.Code}` is not a purpose of use of v3-ActReason.",
                "Take the nearest code; Consents speak in these codes.", purpose.Code);
        }
        foreach (var bar in protocol.Bars)
        {
            Known("party", bar.To, bar.Line);
            Known("role", bar.Roles, bar.Line);
            Known("category", bar.Data, bar.Line);
        }
        foreach (var said in protocol.ConsentDefaults)
        {
            Known("party", said.Parties, said.Line);
            Known("purpose", said.Purposes, said.Line);
        }
        foreach (var lifting in protocol.Overrides) Known("role", lifting.Roles, lifting.Line);
        foreach (var test in protocol.Tests)
        {
            Known("party", Names.Of(test.Given.Party), test.Line);
            Known("category", Names.Of([.. test.Expect.Keys]), test.Line);
            Known("type", Names.Of(test.Given.Type), test.Line);
            Known("action", Names.Of(test.Given.Action), test.Line);
        }

        void Known(string kind, Names names, int line)
        {
            if (names is { IsAll: false, Listed.Count: 0 } && kind != "sensitivity" && !report.HasErrorAt(line))
                report.Error($"no-{kind}", line, $"No {kind} is named, so it holds for nobody and nothing.", $"Name one or say `all`.");
            foreach (var name in names.Listed)
                if (!IsKnown(protocol, kind, name))
                    report.Error($"unknown-{kind}", line, $"`{name}` is no {kind} of this protocol.", Allowed(protocol, kind), name);
        }
    }

    private static bool IsKnown(Protocol protocol, string kind, string name) => kind switch
    {
        "party" => protocol.Party(name) is not null,
        "role" => TeamRoles.Contains(name) || protocol.Roles.ContainsKey(name),
        "purpose" => protocol.Purpose(name) is not null,
        "category" => protocol.Category(name) is not null,
        "gateway" => protocol.Gateway(name) is not null,
        "sensitivity" => protocol.Sensitivities.Any(s => s.Code == name),
        "action" => Rule.KnownActions.Contains(name),
        "type" => CategoryExpression.IsType(name),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static string Allowed(Protocol protocol, string kind) => kind switch
    {
        "party" => $"Parties: {string.Join(", ", protocol.Parties.Select(p => p.Id))}.",
        "role" => "Take a code of CPA-TeamRole, or define it under `roles`.",
        "purpose" => $"Purposes: {string.Join(", ", protocol.Purposes.Select(p => p.Id))}.",
        "category" => $"Categories: {string.Join(", ", protocol.Categories.Select(c => c.Id))}.",
        "gateway" => $"Gateways: {string.Join(", ", protocol.Gateways.Select(g => g.Id))}.",
        "action" => $"Actions: {string.Join(", ", Rule.KnownActions)}.",
        "sensitivity" => "Define it under `sensitivities`.",
        _ => "Take a resource type of R4.",
    };

    /// <summary>The codes of CPA-TeamRole.</summary>
    internal static readonly HashSet<string> TeamRoles =
    [
        "patient", "carer", "care-coordinator", "gp", "practice-nurse", "practice-mh-lead", "link-worker", "responsible-clinician",
            "psychiatrist",
        "cpn", "psychologist", "psychotherapist", "counsellor", "occupational-therapist", "social-worker", "approved-mh-professional",
            "str-worker",
        "support-worker", "housing-worker", "welfare-rights-worker", "employment-adviser", "navigator", "peer-worker", "advocate",
            "crisis-service",
        "assertive-outreach", "early-intervention", "substance-misuse-worker", "probation-officer", "police-liaison",
            "voluntary-sector-worker",
        "family-therapist", "dietician", "physiotherapist",
    ];
}
