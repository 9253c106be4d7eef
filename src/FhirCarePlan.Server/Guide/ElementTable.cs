using FhirCarePlan.Server.Answers;
using System.Globalization;
using System.Text;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Guide;

/// <summary>The elements a profile speaks of: how often, of what type, with which codes, and why.</summary>
internal static class ElementTable
{
    public static void Write(Html page, string title, IReadOnlyList<ElementRow> rows, GuidePackage package)
    {
        var table = new HtmlTable(page, "elements", $"Elements of {title}", "Element", "Card.", "Why", "Type and rules");
        foreach (var row in rows)
            table.Row(row.Said.Id, Name(row), Cardinality(row), Reason(row), Content(row, package));
        table.Close();
    }

    /// <summary>A long name breaks behind a dot or colon and nowhere else.</summary>
    private static Html Name(ElementRow row)
    {
        var cell = Html.Of($"<code>");
        var rest = row.Name.AsSpan();
        for (var end = rest.IndexOfAny('.', ':'); end >= 0; end = rest.IndexOfAny('.', ':'))
        {
            cell.Add($"{rest[..(end + 1)].ToString()}<wbr>");
            rest = rest[(end + 1)..];
        }
        return cell.Add($"{rest.ToString()}</code>");
    }

    private static Html Cardinality(ElementRow row)
    {
        var cell = Html.Of($"<span class=\"card\">{row.Cardinality}</span>");
        if (row.Holds.MustSupport == true) cell.Add($" <abbr class=\"ms\" title=\"must support\">MS</abbr>");
        return cell;
    }

    private static Html Reason(ElementRow row)
    {
        var cell = Html.Of($"{Short(row)}");
        Motives.Write(cell, row.Said.Source.TextOf("requirements"));
        return cell;
    }

    private static string? Short(ElementRow row) =>
        row.Said.Source.TextOf("short") ?? (row.Value is { Source.IsMissing: false } value ? value.Source.TextOf("short") : null);

    private static Html Content(ElementRow row, GuidePackage package)
    {
        var cell = new Html();
        Types(cell, row.Content, package);
        Value(cell, "always", row.Content.Fixed);
        Value(cell, "contains", row.Content.Pattern);
        if (row.Content.Binding is { ValueSet: { } valueSet } binding && row.Content.Fixed.IsMissing)
            Binding(cell, valueSet, binding.Strength, package);
        if (row.Said.Slicing is { } slicing) Slicing(cell, slicing);
        foreach (var rule in row.Said.Constraints) cell.Add($"<p>rule <a href=\"#{rule.Key}\"><code>{rule.Key}</code></a></p>");
        return cell;
    }

    private static void Types(Html cell, ElementDefinition element, GuidePackage package)
    {
        if (element.Types.Count == 0) return;
        cell.Add($"<p>");
        for (var i = 0; i < element.Types.Count; i++)
        {
            var type = element.Types[i];
            if (i > 0) cell.Add($" | ");
            if (type.Profiles.Count > 0) Profiles(cell, type, package);
            else cell.Add($"{type.Code}");
            if (type.Targets.Count > 0) cell.Add($"({string.Join(" | ", type.Targets.Select(t => Reference.LastPart(t)))})");
        }
        cell.Add($"</p>");
        foreach (var canonical in element.Types.SelectMany(t => t.Profiles))
            if (package.At(canonical) is { Kind: GuideKind.Extension } && package.Definitions.Profile(canonical) is { } extension)
                Carried(cell, extension, package);
    }

    private static void Profiles(Html cell, ElementType type, GuidePackage package)
    {
        foreach (var canonical in type.Profiles)
            if (package.At(canonical) is { } entry) cell.Add($"<a href=\"{entry.Address}\">{entry.Name}</a> ");
            else cell.Add($"<code>{canonical}</code> ");
    }

    /// <summary>The content of an extension, so that readers need not look it up: the type of its value, or its parts.</summary>
    private static void Carried(Html cell, StructureDefinition extension, GuidePackage package)
    {
        var rows = ElementRow.Of(extension, package.Definitions);
        if (rows.FirstOrDefault(r => r.Said.Path == "Extension.value[x]") is { } value)
        {
            Types(cell, value.Holds, package);
            if (value.Holds.Binding is { ValueSet: { } valueSet } binding) Binding(cell, valueSet, binding.Strength, package);
            return;
        }
        cell.Add($"<p>");
        foreach (var row in rows.Where(r => r.Said.SliceName is not null))
            cell.Add($"<span class=\"part\"><code>{row.Said.SliceName}</code> {row.Cardinality}</span> ");
        cell.Add($"</p>");
    }

    private static void Binding(Html cell, string valueSet, BindingStrength? strength, GuidePackage package)
    {
        cell.Add($"<p>codes: ");
        if (package.At(valueSet) is { } entry) cell.Add($"<a href=\"{entry.Address}\">{entry.Title}</a>");
        else if (valueSet.StartsWith("http://hl7.org/fhir/ValueSet/", StringComparison.Ordinal))
            cell.Add($"<a href=\"https://hl7.org/fhir/R4/valueset-{valueSet["http://hl7.org/fhir/ValueSet/".Length..].Split('|')[0]}.html\">{valueSet["http://hl7.org/fhir/ValueSet/".Length..].Split('|')[0]}</a>");
        else cell.Add($"<code>{valueSet}</code>");
        cell.Add($" ({strength?.ToString().ToLowerInvariant()})</p>");
    }

    private static void Value(Html cell, string word, Node value)
    {
        if (value.IsMissing) return;
        if (value.HasValue) cell.Add($"<p>{word} <code>{value.Text}</code></p>");
        else foreach (var coding in Codings(value)) cell.Add($"<p>{word} <code>{coding}</code></p>");
    }

    /// <summary>`http://snomed.info/sct|736253002` for a coding or a concept, canonical JSON for anything else.</summary>
    private static IEnumerable<string> Codings(Node value)
    {
        if (value.Type.Name == "Coding") return [Coding(value)];
        if (value.Type.Name == "CodeableConcept" && value.CountOf("coding") > 0) return value.All("coding").ToList().Select(Coding);
        var json = new System.Buffers.ArrayBufferWriter<byte>();
        CanonicalJson.Write(value, json);
        return [Encoding.UTF8.GetString(json.WrittenSpan)];
    }

    private static string Coding(Node coding) =>
        coding.TextOf("code") is { } code ? $"{coding.TextOf("system")}|{code}" : $"{coding.TextOf("system")}|…";

    private static void Slicing(Html cell, Slicing slicing) => cell.Add(
        $"<p>told apart by {string.Join(" and ", slicing.Discriminators.Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Type} of {(d.Path == "$this" ? "the element" : d.Path)}")))}; others {(slicing.Rules == SlicingRules.Closed ? "not allowed" : "allowed")}</p>");
}
