using FhirCarePlan.Fhir.Search;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Search;

/// <summary>How each kind of value is found: one small store per kind, one line per question.</summary>
public class ValueTests
{
    private static readonly SearchParameter Code = Parameter("Condition", "code", SearchType.Token);
    private static readonly SearchParameter Subject = Parameter("Condition", "subject", SearchType.Reference);
    private static readonly SearchParameter Name = Parameter("Condition", "name", SearchType.String);
    private static readonly SearchParameter Url = Parameter("Condition", "url", SearchType.Uri);
    private static readonly SearchParameter When = Parameter("Condition", "when", SearchType.Date);
    private static readonly SearchParameter Score = Parameter("Condition", "score", SearchType.Number);
    private static readonly SearchParameter Dose = Parameter("Condition", "dose", SearchType.Quantity);

    [Theory]
    [InlineData(Modifier.None, null, "f20", null, "a b")]
    [InlineData(Modifier.None, "icd", "f20", null, "a")]
    [InlineData(Modifier.None, "", "f20", null, "b")]
    [InlineData(Modifier.None, "icd", null, null, "a c")]
    [InlineData(Modifier.None, null, "f2", null, "")]
    [InlineData(Modifier.Not, null, "f20", null, "c d e")]
    [InlineData(Modifier.Text, null, null, "schizo", "a")]
    [InlineData(Modifier.Text, null, null, "hrenia", "")]
    [InlineData(Modifier.Missing, null, null, "true", "e")]
    [InlineData(Modifier.Missing, null, null, "false", "a b c d")]
    public async Task Tokens(Modifier modifier, string? system, string? code, string? text, string found)
    {
        await using var given = new Given();
        await given.Put("Condition/a", [Token(Code, "icd", "f20", "schizophrenia")]);
        await given.Put("Condition/b", [Token(Code, "", "f20")]);
        await given.Put("Condition/c", [Token(Code, "icd", "f31"), Token(Code, "other", "x")]);
        await given.Put("Condition/d", [Token(Code, null, null, "low mood")]);
        await given.Put("Condition/e");
        Assert.Equal(found, given.Ids("Condition", new(Code, modifier, [new QueryValue { System = system, Value = code, Text = text }])));
    }

    [Theory]
    [InlineData(Modifier.None, null, "1", null, "a b")]
    [InlineData(Modifier.Type, "Patient", "1", null, "a")]
    [InlineData(Modifier.None, null, null, "http://other/Patient/1", "c")]
    [InlineData(Modifier.None, null, null, "", "")]
    [InlineData(Modifier.None, null, "", null, "")]
    [InlineData(Modifier.Identifier, "nhs", "999", null, "d")]
    [InlineData(Modifier.Missing, null, null, "true", "e")]
    [InlineData(Modifier.Missing, null, null, "false", "a b c d")]
    public async Task References(Modifier modifier, string? type, string? id, string? address, string found)
    {
        await using var given = new Given();
        await given.Put("Condition/a", [Reference(Subject, "Patient", "1")]);
        await given.Put("Condition/b", [Reference(Subject, "Group", "1"), Reference(Subject, "Patient", "2")]);
        await given.Put("Condition/c", [Address(Subject, "http://other/Patient/1")]);
        await given.Put("Condition/d", [Token(Subject, "nhs", "999")]);
        await given.Put("Condition/e");
        Assert.Equal(found, given.Ids("Condition", new(Subject, modifier, [new QueryValue { System = type, Value = id, Text = address }])));
    }

    [Theory]
    [InlineData(Modifier.None, "obr", null, "a b")]
    [InlineData(Modifier.None, "rien", null, "")]
    [InlineData(Modifier.Contains, "rien", null, "a b c")]
    [InlineData(Modifier.Exact, null, "O'Brien", "a")]
    [InlineData(Modifier.Exact, null, "o'brien", "")]
    [InlineData(Modifier.Missing, null, "true", "d")]
    public async Task Strings(Modifier modifier, string? normal, string? text, string found)
    {
        await using var given = new Given();
        await given.Put("Condition/a", [Text(Name, "O'Brien")]);
        await given.Put("Condition/b", [Text(Name, "Obrien")]);
        await given.Put("Condition/c", [Text(Name, "Brienne")]);
        await given.Put("Condition/d");
        Assert.Equal(found, given.Ids("Condition", new(Name, modifier, [new QueryValue { Value = normal, Text = text }])));
    }

    [Theory]
    [InlineData(Modifier.None, "http://a/b", "b")]
    [InlineData(Modifier.Below, "http://a/b", "b c")]
    [InlineData(Modifier.Above, "http://a/b/c", "a b c")]
    public async Task Uris(Modifier modifier, string uri, string found)
    {
        await using var given = new Given();
        await given.Put("Condition/a", [Uri(Url, "http://a")]);
        await given.Put("Condition/b", [Uri(Url, "http://a/b")]);
        await given.Put("Condition/c", [Uri(Url, "http://a/b/c")]);
        await given.Put("Condition/d", [Uri(Url, "http://a/bc")]);
        Assert.Equal(found, given.Ids("Condition", new(Url, modifier, [new QueryValue { Value = uri }])));
    }

    // Rows: a 10–19, b 15–25, c 30–39, d without. Value: 10–20.
    [Theory]
    [InlineData(Prefix.Eq, "a")]
    [InlineData(Prefix.Ne, "b c")]
    [InlineData(Prefix.Gt, "b c")]
    [InlineData(Prefix.Lt, "")]
    [InlineData(Prefix.Ge, "a b c")]
    [InlineData(Prefix.Le, "a b")]
    [InlineData(Prefix.Sa, "c")]
    [InlineData(Prefix.Eb, "")]
    [InlineData(Prefix.Ap, "a b")]
    public async Task Ranges(Prefix prefix, string found)
    {
        await using var given = new Given();
        foreach (var (id, low, high) in new[] { ("a", 10, 19), ("b", 15, 25), ("c", 30, 39) })
        {
            await given.Put($"Condition/{id}", [Date(When, low, high),
                new IndexRow(new IndexEntry(Score, SearchType.Number, 0) { Number = low, NumberLow = low, NumberHigh = high }, 1)]);
        }
        await given.Put("Condition/d");
        Assert.Equal(found, given.Ids("Condition", new(When, Modifier.None, [new QueryValue { Prefix = prefix, Low = 10, High = 20 }])));
        Assert.Equal(found,
            given.Ids("Condition", new(Score, Modifier.None, [new QueryValue { Prefix = prefix, NumberLow = 10, NumberHigh = 20 }])));
    }

    [Theory]
    [InlineData(null, null, null, "a b c")]
    [InlineData("ucum", null, null, "a b")]
    [InlineData("ucum", "mg", null, "a")]
    [InlineData(null, "mg", "mg", "a c")]
    [InlineData(null, "mg", null, "a")]
    public async Task Quantities(string? system, string? code, string? unit, string found)
    {
        await using var given = new Given();
        await given.Put("Condition/a", [Quantity(Dose, 5, "ucum", "mg", "milligram")]);
        await given.Put("Condition/b", [Quantity(Dose, 5, "ucum", "g", "gram")]);
        await given.Put("Condition/c", [Quantity(Dose, 5, "", "", "mg")]);
        await given.Put("Condition/d", [Quantity(Dose, 6, "ucum", "mg", "milligram")]);
        Assert.Equal(found,
            given.Ids("Condition",
            new(Dose, Modifier.None, [new QueryValue { NumberLow = 5, NumberHigh = 5, System = system, Value = code, Text = unit }])));
    }

    [Fact]
    public async Task Values_are_alternatives_criteria_are_not()
    {
        await using var given = new Given();
        await given.Put("Condition/a", [Token(Code, "", "x"), Reference(Subject, "Patient", "1")]);
        await given.Put("Condition/b", [Token(Code, "", "y"), Reference(Subject, "Patient", "1")]);
        await given.Put("Condition/c", [Token(Code, "", "y"), Reference(Subject, "Patient", "2")]);
        var codes = new Criterion(Code, Modifier.None, [new QueryValue { Value = "x" }, new QueryValue { Value = "y" }]);
        var patient = new Criterion(Subject, Modifier.None, [new QueryValue { Value = "1" }]);
        Assert.Equal("a b c", given.Ids("Condition", codes));
        Assert.Equal("a b", given.Ids(new SearchQuery("Condition") { Criteria = [codes, patient] }));
        Assert.Equal("b", given.Ids(new SearchQuery("Condition") { Criteria = [codes, patient], Ids = [["b", "c"], ["a", "b"]] }));
    }

    [Fact]
    public async Task A_list_of_thousands_of_values_is_only_a_long_question()
    {
        await using var given = new Given();
        await given.Put("Condition/a", [Token(Code, "icd", "c4999")]);
        var values = Enumerable.Range(0, 5000).Select(n => new QueryValue { System = "icd", Value = $"c{n}" }).ToList();
        Assert.Equal("a", given.Ids("Condition", new(Code, Modifier.None, values)));
        Assert.Equal("", given.Ids("Condition", new(Code, Modifier.Not, values)));
    }

    [Fact]
    public async Task What_is_not_indexed_finds_nothing()
    {
        await using var given = new Given();
        await given.Put("Condition/a");
        Assert.Equal("",
            given.Ids("Condition",
            new(Parameter("Condition", "pair", SearchType.Composite), Modifier.None, [new QueryValue { Value = "x" }])));
    }

    [Fact]
    public async Task An_update_leaves_only_its_own_values()
    {
        await using var given = new Given();
        await given.Put("Condition/a",
            [Token(Code, "icd", "f20", "psychosis"), Token(Code, "icd", "keep"), Reference(Subject, "Patient", "1"), Text(Name, "Ann"),
            Uri(Url, "u:1"), Date(When, 1, 2), Number(Score, 1), Quantity(Dose, 1, "s", "c", "u")]);
        await given.Put("Condition/a",
            [Token(Code, "icd", "f31"), Token(Code, "icd", "keep", labels: 2), Token(Code, "icd", "keep", labels: 2)]);
        Assert.Equal("", given.Ids("Condition", new(Code, Modifier.None, [new QueryValue { Value = "f20" }])));
        Assert.Equal("a", given.Ids("Condition", new(Code, Modifier.None, [new QueryValue { Value = "f31" }])));
        Assert.Equal("", given.Ids("Condition", new(Code, Modifier.None, [new QueryValue { Value = "keep" }]), Own(1)));
        foreach (var parameter in new[] { Subject, Name, Url, When, Score, Dose })
            Assert.Equal("a", given.Ids("Condition", new(parameter, Modifier.Missing, [new QueryValue { Text = "true" }])));
        await given.Put("Condition/a", isDeleted: true);
        Assert.Equal("", given.Ids(new SearchQuery("Condition")));
        await given.Put("Condition/a", [Token(Code, "icd", "f31")]);
        Assert.Equal("a", given.Ids("Condition", new(Code, Modifier.None, [new QueryValue { Value = "f31" }])));
    }
}
