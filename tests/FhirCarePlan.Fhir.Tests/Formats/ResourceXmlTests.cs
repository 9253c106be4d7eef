using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Formats;

public class ResourceXmlTests
{
    private const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

    private static string Write(string json, bool isPretty = false)
    {
        using var document = JsonParser.Parse(Encoding.UTF8.GetBytes(json), new Report())!;
        return Encoding.UTF8.GetString(ResourceXml.Write(document, isPretty));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient"}""", "<Patient xmlns=\"http://hl7.org/fhir\"/>")]
    [InlineData("""{"birthDate":"1970","_birthDate":{"id":"x"},"id":"a","resourceType":"Patient"}""",
        "<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"a\"/><birthDate id=\"x\" value=\"1970\"/></Patient>")]
    [InlineData("""{"resourceType":"Patient","extension":[{"url":"u","id":"i","valueDecimal":1.50}]}""",
        "<Patient xmlns=\"http://hl7.org/fhir\"><extension id=\"i\" url=\"u\"><valueDecimal value=\"1.50\"/></extension></Patient>")]
    [InlineData("""{"resourceType":"Patient","name":[{"given":["a",null,"b"],"_given":[null,{"extension":[{"url":"u","valueCode":"c"}]}]}]}""", "<Patient xmlns=\"http://hl7.org/fhir\"><name><given value=\"a\"/><given><extension url=\"u\"><valueCode value=\"c\"/></extension></given><given value=\"b\"/></name></Patient>")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p"}}]}""",
        "<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"collection\"/><entry><resource><Patient><id value=\"p\"/></Patient></resource></entry></Bundle>")]
    [InlineData("""{"resourceType":"Patient","name":[{"text":"\"<&>\r\n\t'\u0001é\ud83d\ude00"}]}""",
        "<Patient xmlns=\"http://hl7.org/fhir\"><name><text value=\"&quot;&lt;&amp;&gt;&#xD;&#xA;&#x9;'\ufffdé😀\"/></name></Patient>")]
    public void There_is_one_written_form(string json, string xml) => Assert.Equal(Declaration + xml, Write(json));

    [Theory]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'>a&nbsp;b<!-- c --><br/></div>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\">a\u00a0b<br/></div>")]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml' class=\"x\"><p></p>&copy;&#169;&amp;&lt;</div>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\" class=\"x\"><p></p>©©&amp;&lt;</div>")]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'>a</div><Patient/>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\">&lt;div xmlns='http://www.w3.org/1999/xhtml'&gt;a&lt;/div&gt;&lt;Patient/&gt;</div>")]
    [InlineData("a<b", "<div xmlns=\"http://www.w3.org/1999/xhtml\">a&lt;b</div>")]
    public void A_narrative_is_elements_and_what_is_none_is_words(string div, string xml) => Assert.Equal(
        $"{Declaration}<Patient xmlns=\"http://hl7.org/fhir\"><text><status value=\"generated\"/>{xml}</text></Patient>",
        Write($$$"""{"resourceType":"Patient","text":{"status":"generated","div":{{{System.Text.Json.JsonSerializer.Serialize(div)}}}}}"""));

    [Fact]
    public void Pretty_has_an_element_a_line() => Assert.Equal(
        $"{Declaration}\n<Patient xmlns=\"http://hl7.org/fhir\">\n  <contained>\n    <Group>\n      <id value=\"g\"/>\n    </Group>\n  </contained>\n  <active value=\"true\"/>\n</Patient>",
        Write("""{"resourceType":"Patient","contained":[{"resourceType":"Group","id":"g"}],"active":true}""", isPretty: true));
}
