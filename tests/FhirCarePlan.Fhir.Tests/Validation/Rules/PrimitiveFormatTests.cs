using System.Text;
using FhirCarePlan.Fhir.Validation.Rules;

namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class PrimitiveFormatTests
{
    [Theory]
    [InlineData("string", "a\u00A0b\n", true)]
    [InlineData("string", "a\u0001b", false)]
    [InlineData("code", "a b", true)]
    [InlineData("code", " a", false)]
    [InlineData("code", "a ", false)]
    [InlineData("code", "a  b", false)]
    [InlineData("id", "a-1.B", true)]
    [InlineData("id", "a_b", false)]
    [InlineData("id", "/foobar==", false)]
    [InlineData("uri", "relative/one", true)]
    [InlineData("uri", "http://a b", false)]
    [InlineData("uri", "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", true)]
    [InlineData("uri", "urn:uuid:c757873d", false)]
    [InlineData("uri", "urn:oid:1.2.3.4", true)]
    [InlineData("uri", "urn:oid:1.02.3", false)]
    [InlineData("oid", "urn:oid:2.16.840", true)]
    [InlineData("oid", "1.2.3", false)]
    [InlineData("uuid", "urn:uuid:C757873D-EC9A-4326-A141-556F43239520", true)]
    [InlineData("base64Binary", "QUJD RA==", true)]
    [InlineData("base64Binary", "QUJDR", false)]
    [InlineData("base64Binary", "QU=DRA==", false)]
    [InlineData("base64Binary", "%%%2@()()", false)]
    [InlineData("integer", "-12", true)]
    [InlineData("integer", "1.0", false)]
    [InlineData("integer", "2147483648", false)]
    [InlineData("unsignedInt", "0", true)]
    [InlineData("unsignedInt", "-1", false)]
    [InlineData("positiveInt", "0", false)]
    [InlineData("positiveInt", "1e2", false)]
    public void Follows_the_rules_of_the_type(string type, string value, bool valid) =>
        Assert.Equal(valid, PrimitiveFormat.IsWellFormed(Encoding.UTF8.GetBytes(value), PrimitiveFormat.Of(type)));

    [Fact]
    public void Every_primitive_type_has_rules_but_those_the_parser_knows() =>
        Assert.Equal(["boolean", "decimal", "xhtml"], Fhir.Definitions.R4.DataTypes
            .Where(t => Fhir.Definitions.R4.Type(t)!.IsPrimitive && PrimitiveFormat.Of(t) == Format.None));

    [Theory]
    [InlineData("""{"resourceType":"Patient","birthDate":"2013-02-30"}""", "format Patient.birthDate")]
    [InlineData("""{"resourceType":"Patient","id":"a b"}""", "format Patient.id")]
    [InlineData("""{"resourceType":"Patient","name":[{"text":"a\u0000b"}]}""", "format Patient.name[0].text")]
    [InlineData("""{"resourceType":"Patient","name":[{"text":"a\tb \"quoted\" \u00e9"}]}""")]
    public void Applies_to_every_value(string json, params string[] errors) => Assert.Equal(errors, Check.Base(json).Errors());

    [Fact]
    public void Names_the_element_and_never_the_value() =>
        Assert.DoesNotContain("1985-13-01", Check.Base("""{"resourceType":"Patient","birthDate":"1985-13-01"}""")
            .Issues.Single(i => i.IsError).Text);
}
