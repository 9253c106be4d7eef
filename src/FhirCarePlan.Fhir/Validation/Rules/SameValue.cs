using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>Compares a value with one that a definition gives.</summary>
internal static class SameValue
{
    /// <summary>Equal in all parts, as `fixed[x]` asks.</summary>
    public static bool Exactly(Node node, Node wanted)
    {
        if (!Primitive(node, wanted)) return false;
        var child = node.FirstChild;
        var wantedChild = wanted.FirstChild;
        for (; !child.IsMissing && !wantedChild.IsMissing; child = child.NextSibling, wantedChild = wantedChild.NextSibling)
            if (child.Name != wantedChild.Name || !Exactly(child, wantedChild)) return false;
        return child.IsMissing && wantedChild.IsMissing;
    }

    /// <summary>The value has at least all parts of the pattern: for each item of a list in the pattern, some item of the value
    /// matches.</summary>
    public static bool Covers(Node node, Node pattern)
    {
        if (pattern.HasValue && !Primitive(node, pattern)) return false;
        for (var part = pattern.FirstChild; !part.IsMissing; part = part.NextSibling)
            if (!AnyCovers(node, part)) return false;
        return true;
    }

    private static bool AnyCovers(Node parent, Node pattern)
    {
        for (var child = parent.FirstChild; !child.IsMissing; child = child.NextSibling)
            if (ReferenceEquals(child.Name, pattern.Name) || child.Name == pattern.Name)
                if (Covers(child, pattern)) return true;
        return false;
    }

    private static bool Primitive(Node node, Node wanted)
    {
        ReadOnlySpan<byte> one = node.Raw, other = wanted.Raw;
        if (one.SequenceEqual(other)) return true;
        if (one.IsEmpty || other.IsEmpty) return false;
        if (one[0] == '"' || other[0] == '"')
            return (one.Contains((byte)'\\') || other.Contains((byte)'\\')) && node.Utf8.SequenceEqual(wanted.Utf8);
        // 1.0 is the number 1 for a definition that says so.
        return decimal.TryParse(node.Text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture,
            out var a)
            && decimal.TryParse(wanted.Text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture,
                out var b) && a == b;
    }

    /// <summary>A few words on what a definition asks for: its codes, not whole structures.</summary>
    public static string Words(Node wanted)
    {
        if (wanted.HasValue) return $"`{wanted.Text}`";
        if (wanted.Type.Name is "CodeableConcept") return string.Join(" and ", wanted.All("coding").ToList().Select(Words));
        if (wanted.TextOf("code") is { } code) return wanted.TextOf("system") is { } system ? $"`{system}|{code}`" : $"`{code}`";
        if (wanted.TextOf("system") is { } only) return $"`{only}`";
        return $"the {wanted.Type.Name} that the profile gives";
    }
}

/// <summary>The profile fixes the whole value.
/// https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_</summary>
internal sealed class FixedRule(Node wanted, string profile) : IRule
{
    public void Check(Node node, Run run)
    {
        if (!SameValue.Exactly(node, wanted))
            run.Error(IssueType.Value, node, "fixed", $"`{node.Name}` is {Found.Words(node)}; it must be {SameValue.Words(wanted)}",
                profile);
    }
}

/// <summary>The value contains at least the profile's pattern.
/// https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_</summary>
internal sealed class PatternRule(Node pattern, string profile) : IRule
{
    public void Check(Node node, Run run)
    {
        if (!SameValue.Covers(node, pattern))
            run.Error(IssueType.Value, node, "pattern", $"`{node.Name}` is {Found.Words(node)}; it must contain {SameValue.Words(pattern)}",
                profile);
    }
}

/// <summary>The words for a value that was found: codes and systems are not secret, everything else might be.</summary>
internal static class Found
{
    public static string Words(Node node) => node.Type.Name switch
    {
        "code" or "boolean" when node.HasValue => $"`{node.Text}`",
        "uri" or "url" or "canonical" when node.HasValue && node.Name is "system" or "url" or "profile" => $"`{node.Text}`",
        "Coding" => $"`{node.TextOf("system")}|{node.TextOf("code")}`",
        "CodeableConcept" when node["coding"] is { IsMissing: false } first =>
            first.NextSibling is { IsMissing: false } next && next.Element == first.Element
                ? string.Join(", ", node.All("coding").ToList().Select(Words)) : Words(first),
        _ => "another",
    };
}
