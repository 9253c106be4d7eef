using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests.Validation;

namespace FhirCarePlan.Fhir.Tests.Formats;

/// <summary>What an attacker sends is refused with the reason, at a cost in proportion to its length.</summary>
public class HostileBodyTests
{
    private const int MegaByte = 1 << 20;

    private static string Xml(string inside, string before = "") => $"{before}<Patient xmlns=\"http://hl7.org/fhir\">{inside}</Patient>";

    private static string Json(string inside) => $$"""{"resourceType":"Patient",{{inside}}}""";

    private static string Many(string what, int times) => new StringBuilder(what.Length * times).Insert(0, what, times).ToString();

    private static IReadOnlyList<Issue> Issues(string body, long most = 64 * MegaByte) => Issues(Encoding.UTF8.GetBytes(body), most);

    /// <summary>All that is said of a body, read and judged; fails when that takes more memory than allowed.</summary>
    private static IReadOnlyList<Issue> Issues(byte[] body, long most = 64 * MegaByte)
    {
        var report = new Report();
        var before = GC.GetAllocatedBytesForCurrentThread();
        using (var document = ResourceReader.Read(body, null, report))
            if (document != null) Check.CpaPackage.Validate(document, [], report);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < most, $"{allocated:N0} bytes allocated for {body.Length:N0}");
        Assert.True(report.Issues.Count < 1100, $"{report.Issues.Count} issues");
        return report.Issues;
    }

    private static void Refused(string body, string key, string said)
    {
        var issue = Issues(body).First(i => i.IsError);
        Assert.Equal(key, issue.Key);
        Assert.Contains(said, issue.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE Patient [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>")]
    [InlineData("<!DOCTYPE Patient SYSTEM \"http://127.0.0.1:1/x.dtd\">")]
    [InlineData("<!DOCTYPE Patient [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>")]
    [InlineData("<!DOCTYPE Patient [<!ATTLIST Patient id CDATA 'x'>]>")]
    [InlineData("<!DOCTYPE html>")]
    public void A_document_type_and_all_that_comes_with_it(string type)
    {
        Refused(Xml("<active value=\"true\"/>", type), "xml", "has a document type declaration; leave it out");
        Refused(Xml($"<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">&x;&c;{type}</div></text>"), "xml",
            "is not well-formed XML");
    }

    [Fact]
    public void What_was_sent_is_not_quoted_when_it_is_no_XML() =>
        Assert.DoesNotContain(Issues(Xml("<name><text value=\"Robin Ashgrove></name>")),
            i => i.Text.Contains("Ashgrove", StringComparison.Ordinal) || i.Text.Contains("Robin", StringComparison.Ordinal));

    [Theory]
    [InlineData("<script>x</script>", "the element `script` is not allowed")]
    [InlineData("<p onclick=\"x\">a</p>", "the attribute `onclick` is not allowed")]
    [InlineData("<a href=\"javascript:x\">a</a>", "runs a script")]
    [InlineData("<a href=\" java&#10;script:x\">a</a>", "runs a script")]
    [InlineData("<iframe src=\"http://x.example\">a</iframe>", "the element `iframe` is not allowed")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\">a</svg>", "the element `svg` is not allowed")]
    [InlineData("<x:p xmlns:x=\"http://x.example\">a</x:p>", "is not allowed")]
    public void Script_in_a_narrative_in_either_format(string inside, string said)
    {
        var div = $"<div xmlns=\"http://www.w3.org/1999/xhtml\">{inside}</div>";
        Refused(Xml($"<text><status value=\"generated\"/>{div}</text>"), "txt-1", said);
        Refused(Json("\"text\":{\"status\":\"generated\",\"div\":" + System.Text.Json.JsonSerializer.Serialize(div) + "}"), "txt-1", said);
    }

    [Fact]
    public void Nesting_without_end_in_either_format()
    {
        Refused(Xml(Many("<extension url=\"x\">", 200_000)), "depth", "deeper than 60 levels");
        Refused(Xml(Many("<a>", MegaByte)), "unknown-element", "`a` is not an element of Patient");
        Refused(Xml(Many("<contained><Patient>", 100_000)), "depth", "deeper than 60 levels");
        Refused(Xml("<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">" + Many("<b>", MegaByte)),
            "xhtml-size", "deeper than 200 levels");
        Refused(Json("\"extension\":" + Many("[{\"url\":\"x\",\"extension\":", 100_000)), "depth", "deeper than 60 levels");
        Refused(Json("\"extension\":" + Many("[{\"url\":\"x\",\"extension\":", 40) + "1" + Many("}]", 40)), "depth",
            "deeper than 60 levels");
        Refused(Many("[", MegaByte), "json", "A resource is a JSON object, found an array");
    }

    [Fact]
    public void Both_formats_end_at_the_same_depth()
    {
        foreach (var levels in new[] { 29, 30, 31 })
        {
            var json = Json("\"extension\":" + Many("[{\"url\":\"http://x.example\",\"extension\":", levels - 1)
                + "[{\"url\":\"http://x.example\",\"valueBoolean\":true}]" + Many("}]", levels - 1));
            var xml = Xml(Many("<extension url=\"http://x.example\">", levels) + "<valueBoolean value=\"true\"/>"
                + Many("</extension>", levels));
            Assert.Equal(levels > 30, Issues(json).Any(i => i.Key == "depth"));
            Assert.Equal(levels > 30, Issues(xml).Any(i => i.Key == "depth"));
        }
    }

    [Fact]
    public void Numbers_without_end_in_either_format()
    {
        Refused(Xml($"<multipleBirthInteger value=\"{new string('9', MegaByte)}\"/>"), "number-size", "more than 64 digits");
        Refused(Json($"\"multipleBirthInteger\":{new string('9', MegaByte)}"), "number-size", "more than 64 digits");
        foreach (var number in new[] { "1e999999999999", "1e-2147483648", "1e2147483648" })
        {
            Refused($"<RiskAssessment xmlns=\"http://hl7.org/fhir\"><prediction><probabilityDecimal value=\"{number}\"/></prediction></RiskAssessment>", "number-size", "exponent beyond 400");
            Refused($$"""{"resourceType":"RiskAssessment","prediction":[{"probabilityDecimal":{{number}}}]}""", "number-size",
                "exponent beyond 400");
        }
    }

    [Fact]
    public void Strings_without_end_in_either_format()
    {
        var text = new string('x', 3 * MegaByte);
        Refused(Xml($"<name><text value=\"{text}\"/></name>"), "string-length", "longer than 1048576 characters");
        Refused(Json($"\"name\":[{{\"text\":\"{text}\"}}]"), "string-length", "longer than 1048576 characters");
        Refused(Xml($"<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">{Many("<b>x</b>", 400_000)}</div></text>"), "xhtml-size", "longer than 1048576 characters");
    }

    /// <summary>https://hl7.org/fhir/R4/datatypes.html#string</summary>
    [Theory]
    [InlineData("x", "x")]
    [InlineData("é", "é")]
    [InlineData("€", "€")]
    [InlineData("😀", "😀")]
    [InlineData("\\n", "&#10;")]
    [InlineData("\\u20aC", "€")]
    [InlineData("\\uD83d\\uDE00", "😀")]
    public void A_string_s_limit_counts_characters(string json, string xml)
    {
        const int Most = 1 << 20;
        Assert.True(Fits(Json($"\"name\":[{{\"text\":\"{Many(json, Most)}\"}}]")));
        Assert.True(Fits(Xml($"<name><text value=\"{Many(xml, Most)}\"/></name>")));
        Assert.False(Fits(Json($"\"name\":[{{\"text\":\"{Many(json, Most + 1)}\"}}]")));
        Assert.False(Fits(Xml($"<name><text value=\"{Many(xml, Most + 1)}\"/></name>")));
    }

    [Fact]
    public void Base64_has_a_limit_of_its_own()
    {
        // 20 MB, and what is more than 21.
        foreach (var (letters, fits) in ((int, bool)[])[(20 * MegaByte / 3 * 4 + 4, true), (28 * MegaByte + 4, false)])
        {
            var data = new string('A', letters);
            Assert.Equal(fits, Fits(Json($"\"photo\":[{{\"data\":\"{data}\"}}]")));
            Assert.Equal(fits, Fits(Xml($"<photo><data value=\"{data}\"/></photo>")));
        }
    }

    private static bool Fits(string body) => !Issues(body, 512 * MegaByte).Any(i => i.Key == "string-length");

    [Fact]
    public void Siblings_without_end_cost_no_more_than_their_number()
    {
        const int times = 60_000;
        Assert.DoesNotContain(Issues(Json($"\"name\":[{Many("{\"text\":\"x\"},", times)}{{\"text\":\"x\"}}]")), i => i.IsError);
        Assert.DoesNotContain(Issues(Xml(Many("<name><text value=\"x\"/></name>", times)), 128 * MegaByte), i => i.IsError);
        Assert.Contains(Issues(Json($"\"contained\":[{Many("{\"resourceType\":\"Patient\"},", times)}{{\"resourceType\":\"Patient\"}}]"),
            256 * MegaByte), i => i.Key == "dom-3");
        Refused($"{{{Many("\"resourceType\":\"Patient\",", times)}\"id\":\"x\"}}", "duplicate-property", "`resourceType` occurs twice");
    }

    [Fact]
    public void Faults_without_end_are_said_two_hundred_times()
    {
        foreach (var body in new[] { Json($"{Many("\"x\":1,", 500_000)}\"y\":1"),
            Json($"{Many("\"active\":true,", 200_000)}\"active\":true"), Xml(Many("<x/>", 500_000)), Xml(Many("<name x=\"1\"/>", 200_000)),
            Xml(Many("x<active value=\"true\"/>", 100_000)) })
        {
            var issues = Issues(body);
            Assert.Equal((201, "max-issues"), (issues.Count, issues[^1].Key));
        }
    }

    [Fact]
    public void Attributes_and_names_without_end()
    {
        Refused($"<Patient xmlns=\"http://hl7.org/fhir\" {string.Join(' ', Enumerable.Range(0, 200_000).Select(i => $"a{i}=\"\""))}/>",
            "xml", "more than 100 attributes");
        Assert.Equal(201, Issues(Xml(string.Concat(Enumerable.Range(0, 200_000).Select(i => $"<a{i}/>")))).Count);
        Refused($"<{new string('a', 3 * MegaByte)} xmlns=\"http://hl7.org/fhir\"/>", "resource-type", "is not a resource type of R4");
        Refused($"{{\"resourceType\":\"{new string('a', 3 * MegaByte)}\"}}", "resource-type", "is not a resource type of R4");
    }

    [Fact]
    public void Bytes_that_are_not_UTF8()
    {
        const string xml = "<?xml version=\"1.0\"?><Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>";
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
        {
            Assert.Contains(Issues([.. encoding.GetPreamble(), .. encoding.GetBytes(xml)]), i => i is { Key: "xml", IsMalformed: true }
                && i.Text == "The body is UTF-16 or UTF-32; send UTF-8");
            Assert.Contains(Issues(encoding.GetBytes(xml)), i => i.IsMalformed && i.Text == "The body is UTF-16 or UTF-32; send UTF-8");
        }
        foreach (var body in new[] { Xml("<name><text value=\"\u0001\"/></name>"), Xml("<name><text value=\"&#1;\"/></name>"),
            Xml("<name><text value=\"&#xD800;\"/></name>"), Xml("<name><text value=\"&#xFFFF;\"/></name>") })
            Refused(body, "xml", "is not well-formed XML");
        Assert.Contains(Issues([.. Encoding.UTF8.GetBytes(xml[..^12]), 0xFF, .. Encoding.UTF8.GetBytes(xml[^12..])]),
            i => i.Text == "The body is not valid UTF-8");
        Assert.Contains(Issues([.. "{\"resourceType\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8]), i => i.Text == "The body is not valid UTF-8");
        Refused(xml.Replace("?>", " encoding=\"ISO-8859-1\"?>", StringComparison.Ordinal), "xml", "declares another encoding; send UTF-8");
        Refused("\ufeff" + Json("\"active\":true"), "json", "begins with a byte order mark; send UTF-8 without one");
        Assert.DoesNotContain(Issues("\ufeff" + xml), i => i.IsError); // XML knows the mark
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\ufeff")]
    [InlineData("<")]
    [InlineData("<?xml version=\"1.0\"?>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"/><Patient xmlns=\"http://hl7.org/fhir\"/>")]
    [InlineData("<f:Patient/>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\" xmlns=\"http://hl7.org/fhir\"/>")]
    [InlineData("{")]
    [InlineData("{\"resourceType\":\"Patient\"}}")]
    [InlineData("{\"resourceType\":\"Patient\",}")]
    [InlineData("{\"resourceType\":\"Patient\",\"active\":NaN}")]
    [InlineData("{'resourceType':'Patient'}")]
    public void What_is_neither_JSON_nor_XML(string body) =>
        Assert.Contains(Issues(body), i => i is { IsMalformed: true, Severity: IssueSeverity.Fatal } && i.Key is "json" or "xml");
}
