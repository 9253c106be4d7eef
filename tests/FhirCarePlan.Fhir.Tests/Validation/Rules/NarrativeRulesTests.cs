namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class NarrativeRulesTests
{
    [Theory]
    [InlineData("<p id='x'>a</p><a href='#x'>b</a>", true)]
    [InlineData("<a name='x'>a</a><a href='#x'>b</a>", true)]
    [InlineData("<a href='#one'>the contained one</a>", true)]
    [InlineData("<p>x</p><a href='#x'>b</a>", false)]
    [InlineData("<a href='#'>top</a>", true)]
    [InlineData("<a href='https://a.example/#x'>b</a>", true)]
    [InlineData("<a href='Patient/1'>b</a>", true)]
    [InlineData("<a href='urn:uuid:c757873d-ec9a-4326-a141-556f43239520'>b</a>", false)]
    public void Links_lead_somewhere(string xhtml, bool valid) => Assert.Equal(valid ? [] : ["narrative-link Patient.text.div"], Check.Base($$$"""
        {"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"one","name":"x"}],"managingOrganization":{"reference":"#one"},
        "text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>{{{xhtml}}}</div>"}}
        """).Errors());

    [Theory]
    [InlineData("_no", "<p>x</p>", true)]
    [InlineData("_no", "<div lang='de'>x</div>", false)]
    [InlineData("_yes", "<div lang='de'>x</div>", true)]
    [InlineData("_yes", "<p>x</p>", false)]
    [InlineData("_resource", "<div lang='en'>x</div><div lang='de'>x</div>", true)]
    [InlineData("_resource", "<div lang='pt'>x</div>", false)]
    [InlineData("de", "<div lang='de'>x</div>", true)]
    public void Languages_are_as_the_profile_asks(string control, string xhtml, bool valid) =>
        Assert.Equal(valid ? [] : ["narrative-language Patient.text"], Check.Profile("Patient",
        $$$"""{"path":"Patient.text","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/narrative-language-control","valueCode":"{{{control}}}"}]}""",
        $$$"""{"resourceType":"Patient","language":"en","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>{{{xhtml}}}</div>"}}""").Errors());

    [Theory]
    [InlineData("part", "#name", true)]
    [InlineData("none", "#name", false)]
    [InlineData("part", "#none", false)]
    public void A_text_link_has_both_its_ends(string html, string data, bool valid) => Assert.Equal(valid, Check.Base($$$"""
        {"resourceType":"Patient","name":[{"id":"name","text":"x"}],"text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'><p id='part'>x</p></div>",
        "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/textLink","extension":[{"url":"htmlid","valueString":"{{{html}}}"},{"url":"data","valueUri":"{{{data}}}"}]}]}}
        """).Errors().Length == 0);
}
