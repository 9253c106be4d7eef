using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>`_text` and `_content` find words that the caller may read, and no others. https://hl7.org/fhir/R4/search.html#content</summary>
public class WordsTests(SampleServer samples) : IClassFixture<SampleServer>
{
    /// <summary>Each word of what the caller is shown finds the resource; a word that only another is shown does not.</summary>
    [Theory]
    [InlineData("CarePlan/robin-plan")]
    [InlineData("CareTeam/robin-team")]
    public async Task Finds_what_is_shown_and_nothing_else(string address)
    {
        var (type, id) = (address.Split('/')[0], address.Split('/')[1]);
        var whole = await Texts(await samples.Process.As("care-coordinator"), address);
        Assert.NotEmpty(whole);
        var hidden = 0;
        foreach (var persona in (string[])["care-coordinator", "gp", "housing-officer", "voluntary-worker", "person"])
        {
            var client = await samples.Process.As(persona);
            var shown = await Texts(client, address);
            foreach (var word in whole.Take(60))
            {
                var found = (await client.Matches($"{type}?_content={Uri.EscapeDataString(word)}&_id={id}")).Count == 1;
                if (found) Assert.True(shown.Contains(word), $"{persona} is not shown `{word}` and finds it");
                if (persona == "care-coordinator") Assert.True(found, word);
                if (!shown.Contains(word)) hidden++;
            }
        }
        Assert.True(type != "CarePlan" || hidden > 0, "nothing was hidden from anybody");
    }

    private static async Task<HashSet<string>> Texts(HttpClient client, string address)
    {
        var answer = await client.Get(address);
        if ((int)answer.Status != 200) return [];
        var words = new HashSet<string>();
        Walk(answer.Json, "");
        return words;

        void Walk(System.Text.Json.Nodes.JsonNode? node, string name)
        {
            switch (node)
            {
                case System.Text.Json.Nodes.JsonObject parts:
                    foreach (var (part, value) in parts) if (part is not ("meta" or "id" or "text" or "reference" or "system" or "url" or "resourceType" or "fullUrl")) Walk(value, part);
                    if (parts["text"] is System.Text.Json.Nodes.JsonValue) Walk(parts["text"], "text");
                    break;
                case System.Text.Json.Nodes.JsonArray items:
                    foreach (var item in items) Walk(item, name);
                    break;
                case System.Text.Json.Nodes.JsonValue value when name is "display" or "text" or "title" or "description" or "name" or "valueString" && value.TryGetValue<string>(out var said):
                    foreach (var word in said.ToLowerInvariant().Split([' ', '.', ',', ':', ';', '-', '(', ')', '/'], StringSplitOptions.RemoveEmptyEntries))
                        if (word.All(char.IsAsciiLetterOrDigit)) words.Add(word);
                    break;
            }
        }
    }

    [Fact]
    public async Task Words_go_with_everything_else()
    {
        var client = await samples.Process.As("care-coordinator");
        Assert.NotEmpty(await client.Matches("Condition?_content=schizophrenia"));
        Assert.Equal((await client.Matches("Condition?_content=schizophrenia&_count=1000")).Count, (await client.Get("Condition?_content=schizophrenia&_summary=count")).Total);
        Assert.Equal(await client.Matches("Condition?_content=schizophrenia&_count=1"), await client.Matches("Condition?_content=Schizophrenia&_count=1000"));
        Assert.Empty(await client.Matches("Condition?_content=schizophrenia nothing"));
        Assert.Equal(await client.Matches("?_type=Condition,Goal&_content=schizophrenia"), await client.Matches("Condition?_content=schizophrenia"));
    }

    /// <summary>A type without narrative has no words to find; one that is asked for by name says so.</summary>
    [Fact]
    public async Task Every_type_is_asked_for_words_of_its_narrative()
    {
        var client = await samples.Process.As("psychiatrist");
        var made = await client.Post("Observation", """
            {"resourceType":"Observation","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Wide quillwort meadow</div>"},"status":"final","code":{"text":"note"},"subject":{"reference":"Patient/robin"}}
            """);
        Assert.True((int)made.Status == 201, made.Body);
        Assert.Equal([$"Observation/{made.Id}"], await client.Matches("?_text=quillwort"));
        Assert.Equal([$"Observation/{made.Id}"], await client.Matches("Patient/robin/*?_text=quillwort meadow&_count=2"));
        Assert.Empty(await (await samples.Process.As("housing-officer")).Matches("?_text=quillwort"));
        Assert.DoesNotContain("_type=", (await client.Get("?_text=quillwort")).Json["link"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(400, (await client.Send("GET", "?_type=Binary,CarePlan&_text=quillwort")).Status);
    }

    [Fact]
    public async Task A_hidden_word_is_no_word()
    {
        var officer = await samples.Process.As("housing-officer");
        foreach (var url in (string[])["Condition?_content=WORD", "CarePlan?_content=WORD", "CarePlan?_text=WORD", "CarePlan?_content=WORD&_summary=count"])
            Assert.Equal((await officer.Get(url.Replace("WORD", "schizophrenia", StringComparison.Ordinal))).Whole.Replace("schizophrenia", "x", StringComparison.Ordinal),
                (await officer.Get(url.Replace("WORD", "schizopolemia", StringComparison.Ordinal))).Whole.Replace("schizopolemia", "x", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ValueSet?_content=a")]
    [InlineData("AuditEvent?_content=a")]
    [InlineData("Condition?_text=!!")]
    public async Task What_has_no_words_is_refused(string url) => Assert.Equal(400, (await (await samples.Process.As("care-coordinator")).Send("GET", url)).Status);
}
