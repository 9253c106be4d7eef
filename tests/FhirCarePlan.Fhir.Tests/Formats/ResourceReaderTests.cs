using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Formats;

public class ResourceReaderTests
{
    [Theory]
    [InlineData("{}", ResourceFormat.Json)]
    [InlineData("", ResourceFormat.Json)]
    [InlineData("\"<\"", ResourceFormat.Json)]
    [InlineData("<a/>", ResourceFormat.Xml)]
    [InlineData(" \r\n\t<a/>", ResourceFormat.Xml)]
    [InlineData("\ufeff<a/>", ResourceFormat.Xml)]
    [InlineData("\ufeff{}", ResourceFormat.Json)]
    public void The_first_character_tells(string text, ResourceFormat format) =>
        Assert.Equal(format, ResourceReader.Sniff(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void What_is_said_to_be_one_is_not_read_as_the_other()
    {
        var (json, xml) = ("{\"resourceType\":\"Patient\"}"u8.ToArray(), "<Patient xmlns=\"http://hl7.org/fhir\"/>"u8.ToArray());
        Assert.Null(ResourceReader.Read(json, ResourceFormat.Xml, new Report()));
        Assert.Null(ResourceReader.Read(xml, ResourceFormat.Json, new Report()));
        Assert.Equal("Patient", ResourceReader.Read(json, null, new Report())!.Type.Name);
        Assert.Equal("Patient", ResourceReader.Read(xml, null, new Report())!.Type.Name);
    }
}
