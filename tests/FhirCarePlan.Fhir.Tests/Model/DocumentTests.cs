using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Model;

public sealed class DocumentTests
{
    private const string Patient = "{ \"resourceType\":\"Patient\",\n \"name\":[{\"family\":\"Rób\\u0069n }\"}] }";
    private const string Bundle =
        "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\n \"entry\":[ {\"resource\" : " + Patient + " } ]}";

    [Fact]
    public void A_resource_in_a_bundle_gives_the_bytes_it_was_read_from()
    {
        using var bundle = Read(Bundle);
        Assert.Equal(Patient, Encoding.UTF8.GetString(Resource(bundle).Source!.Value.Span));
        Assert.Equal(Bundle, Encoding.UTF8.GetString(bundle.Root.Source!.Value.Span));
        Assert.Null(bundle.Root["type"].Source);
    }

    [Fact]
    public void What_was_edited_or_read_from_XML_gives_none()
    {
        using var bundle = Read(Bundle);
        var edit = new DocumentEdit(bundle);
        edit.Set(Resource(bundle)["name"], "family", "Other");
        using var edited = edit.Apply();
        Assert.Null(Resource(edited).Source);
        using var xml = Read("<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>");
        Assert.Null(xml.Root.Source);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(300_000)]
    public void A_long_text_does_not_make_a_large_table(int length)
    {
        var text = new string('x', length);
        using var json = Read($$$"""{"resourceType":"Basic","code":{"text":"{{{text}}}"},"author":{"display":"me"}}""");
        using var xml = Read($"<Basic xmlns=\"http://hl7.org/fhir\"><code><text value=\"{text}\"/></code><author><display value=\"me\"/></author></Basic>");
        Assert.InRange(json.Capacity, json.Count, 256);
        Assert.InRange(xml.Capacity, xml.Count, 256);
        Assert.Equal(length, json.Root["code"]["text"].Text!.Length);
        Assert.Equal(Encoding.UTF8.GetString(CanonicalJson.Write(json)), Encoding.UTF8.GetString(CanonicalJson.Write(xml)));
    }

    private static Node Resource(Document bundle) => bundle.Root.All("entry").ToList()[0]["resource"];

    private static Document Read(string source) => ResourceReader.Read(Encoding.UTF8.GetBytes(source), null, new Report())!;
}
