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

    /// <summary>Showing the narrative tells nobody else who is being read about.</summary>
    [Theory]
    [InlineData("<img src='http://third.example/x.png' alt='x'/>", false)]
    [InlineData("<img src='//third.example/x.png' alt='x'/>", false)]
    [InlineData("<img src='\\\\\\\\third.example/x.png' alt='x'/>", false)]
    [InlineData("<img src='/\\\\third.example/x.png' alt='x'/>", false)]
    [InlineData("<img src=' ht\\ttp://third.example/x.png' alt='x'/>", false)]
    [InlineData("<img src='ftp://third.example/x.png' alt='x'/>", false)]
    [InlineData("<img src='data:image/svg+xml;base64,PHN2Zy8+' alt='x'/>", false)]
    [InlineData("<img src='data:text/html,x' alt='x'/>", false)]
    [InlineData("<a href='data:text/html;base64,eA=='>x</a>", false)]
    [InlineData("<a href='DATA:application/pdf;base64,eA=='>x</a>", false)]
    [InlineData("<p style='background:url(http://third.example/x.png)'>x</p>", false)]
    [InlineData("<p style='background:URL( &quot;//third.example/x.png&quot; )'>x</p>", false)]
    [InlineData("<p style='background:u\\\\72l(http://third.example/x.png)'>x</p>", false)]
    [InlineData("<p style='background:\\\\75 rl(http://third.example/x.png)'>x</p>", false)]
    [InlineData("<p style='background:ur/**/l(x);content:url(https://third.example)'>x</p>", false)]
    [InlineData("<p style='list-style-image:url(#a);background:url(http://third.example)'>x</p>", false)]
    [InlineData("<p style='background-image:image-set(&quot;http://third.example/x.png&quot; 1x)'>x</p>", false)]
    [InlineData("<p style='width:expression(alert(1))'>x</p>", false)]
    [InlineData("<p style='background:url(http://third.example'>x</p>", false)]
    [InlineData("<p xml:base='http://third.example/'><img src='x.png' alt='x'/></p>", false)]
    [InlineData("<img src='data:image/png;base64,iVBORw0KGgo=' alt='x'/>", true)]
    [InlineData("<img src='#picture' alt='x'/>", true)]
    [InlineData("<img src='Binary/1' alt='x'/>", true)]
    [InlineData("<p style='font-weight:bold;color:#c00;scroll-behavior:smooth'>x</p>", true)]
    [InlineData("<p style='background:url(data:image/png;base64,iVBORw0KGgo=)'>x</p>", true)]
    [InlineData("<a href='https://elsewhere.example/leaflet'>a link that is followed</a>", true)]
    [InlineData("<p>src='http://third.example/x.png' in words</p>", true)]
    public void It_loads_nothing_from_elsewhere(string xhtml, bool valid)
    {
        var body = $$$"""{"resourceType":"Basic","id":"picture","code":{"text":"x"},"text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>{{{xhtml}}}</div>"}}""";
        Assert.Equal(valid ? [] : ["narrative-loads Basic.text.div"], Check.Base(body, new() { RefusesLoading = true }).Errors());
        Assert.Equal(valid ? [] : ["warning narrative-loads Basic.text.div"], Check.Base(body).Lines());
    }
}
