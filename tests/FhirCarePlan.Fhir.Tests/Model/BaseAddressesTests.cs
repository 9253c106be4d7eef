using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Model;

public sealed class BaseAddressesTests
{
    [Theory]
    [InlineData("https://care.example/fhir", true)]
    [InlineData("https://care.example/fhir/", true)]
    [InlineData("http://[::1]:5080/fhir", true)]
    [InlineData("https://care.example", true)]
    [InlineData("care.example/fhir", false)]
    [InlineData("ftp://care.example/fhir", false)]
    [InlineData("https://care.example/fhir?x=y", false)]
    [InlineData("https://care.example/fhir#x", false)]
    [InlineData("https://user@care.example/fhir", false)]
    public void A_base_is_an_absolute_address_of_the_web(string text, bool isBase) => Assert.Equal(isBase, BaseAddresses.IsBase(text));

    [Theory]
    [InlineData("https://care.example", "https://care.example/Patient/1")]
    [InlineData("https://care.example/a%20b/fhir", "https://care.example/a%20b/fhir/Patient/1")]
    [InlineData("https://care.example/fhir/", "https://care.example/fhir/Patient/1")]
    [InlineData("http://[::1]:5080/fhir", "http://[0:0::1]:5080/fhir/Patient/1")]
    public void What_lies_below_is_relative(string own, string address) =>
        Assert.Equal("Patient/1", new BaseAddresses([own]).Relative(address));

    [Theory]
    [InlineData("care.example", null, true)]
    [InlineData("CARE.example", null, true)]
    [InlineData("care.example", 443, true)]
    [InlineData("care.example", 80, true)]
    [InlineData("care.example", 8443, false)]
    [InlineData("other.example", null, false)]
    [InlineData("inside", 5080, true)]
    [InlineData("inside", null, false)]
    [InlineData("[::1]", 5080, true)]
    [InlineData("", null, false)]
    public void A_host_is_compared_with_its_port(string host, int? port, bool isOurs) =>
        Assert.Equal(isOurs, new BaseAddresses(["https://care.example/fhir", "http://inside:5080/fhir", "http://[::1]:5080/fhir"])
            .IsAt(host, port));
}
