using System.Text.Json;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Validation.Choosing;

namespace FhirCarePlan.Fhir.Tests.Validation.Choosing;

/// <summary>The table and the package say the same.</summary>
public class ProfileTableTests
{
    [Fact]
    public void Every_profile_has_its_row() =>
        Assert.Equal(Check.Cpa.All("StructureDefinition").Select(f => Check.Cpa.Profile(f.Url!)!).Where(p => !p.IsExtension).Select(p => $"{p.Type} {p.Url}").Order(),
            Check.Table.Rows.Select(r => $"{r.On} {r.Canonical}").Order());

    [Fact]
    public void Every_extension_it_names_is_there() =>
        Assert.Equal([], Check.Table.Rows.SelectMany(r => r.Content.Concat(r.Signs)).OfType<ExtensionDecider>().SelectMany(d => d.Names)
            .Where(n => Check.Cpa.Profile($"{ProfileTable.Profiles}Extension-CPA-{n}") is not { IsExtension: true }));

    [Fact]
    public void Every_code_it_names_is_one_of_its_system() =>
        Assert.Equal([], Check.Table.Rows.SelectMany(r => r.Content.Concat(r.Signs)).OfType<CodeDecider>().Where(d => d.System.StartsWith("https://fhir.cpa.example/", StringComparison.Ordinal))
            .SelectMany(d => Check.Cpa.CodeSystem(d.System) is ICodes system ? d.Codes.Concat(d.Bare).Where(c => system.Contains(null, c) != true) : [d.System]));

    /// <summary>Where a profile's value set lists the codes that decide, the table lists the same.</summary>
    [Theory]
    [InlineData("CPA-HoNOS", "CPA-HoNOSItem")]
    [InlineData("CPA-DIALOG", "CPA-DIALOGItem")]
    [InlineData("CPA-ReviewEncounter", "CPA-ReviewType")]
    [InlineData("CPA-DocumentReference", "CPA-DocumentType")]
    [InlineData("CPA-Condition", "CPA-DiagnosisRole")]
    [InlineData("CPA-Task", "CPA-ActivityTask")]
    public void Its_codes_are_those_of_the_value_set(string profile, string valueSet)
    {
        var include = JsonDocument.Parse(Check.Cpa.All("ValueSet").Single(f => f.Id == valueSet).Utf8).RootElement.GetProperty("compose").GetProperty("include")[0];
        var codes = Check.Table.Rows.Single(r => r.Profile == profile).Content.OfType<CodeDecider>().First(d => d.System == include.GetProperty("system").GetString());
        Assert.Equal(include.GetProperty("concept").EnumerateArray().Select(c => c.GetProperty("code").GetString()!).Order(), codes.Codes.Order());
    }

    [Fact]
    public void Every_type_and_element_is_one_of_R4()
    {
        foreach (var row in Check.Table.Rows)
            foreach (var decider in row.Content.Concat(row.Signs).Concat(row.Hints))
            {
                var path = decider switch { CodeDecider c => c.Element, ElementDecider e => e.Element, UncodedDecider u => u.Element, CanonicalDecider c => c.Element, ReferenceDecider r => r.Element, WriterDecider w => w.Uncoded, SaidDecider s => s.Uncoded ?? s.Elements[0], _ => null };
                var type = R4.Type(row.On)!;
                foreach (var name in path?.Split('.') ?? []) type = (type.Element(name) ?? throw new InvalidOperationException($"{row.On}.{path}")).Types[0].Type;
            }
    }

    [Fact]
    public void Without_the_table_nobody_knows_what_to_enforce() => Assert.Throws<InvalidDataException>(() => ProfileTable.Read(Path.GetTempPath()));
}
