using System.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Model;

public sealed class ReferenceTests
{
    private static readonly BaseAddresses own = new(["https://care.example/fhir", "http://localhost:5080/fhir"]);

    [Theory]
    [InlineData("Patient/1", "Patient", "1", null, null)]
    [InlineData("Patient/1/_history/2", "Patient", "1", "2", null)]
    [InlineData("Patient/1#p", "Patient", "1", null, "p")]
    [InlineData("Patient/1/_history/2#p", "Patient", "1", "2", "p")]
    [InlineData("https://care.example/fhir/Patient/1", "Patient", "1", null, null)]
    [InlineData("https://care.example/fhir/Patient/1/_history/2", "Patient", "1", "2", null)]
    [InlineData("https://care.example/fhir/Patient/1/", "Patient", "1", null, null)]
    [InlineData("http://care.example/fhir/Patient/1", "Patient", "1", null, null)]
    [InlineData("https://care.example:443/fhir/Patient/1", "Patient", "1", null, null)]
    [InlineData("http://care.example:80/fhir/Patient/1", "Patient", "1", null, null)]
    [InlineData("HTTPS://Care.Example./fhir/Patient/1", "Patient", "1", null, null)]
    [InlineData("https://care.example/fhir/Patient/%31", "Patient", "1", null, null)]
    [InlineData("https://care.example/fhir/x/../Patient/1", "Patient", "1", null, null)]
    [InlineData("http://LOCALHOST:5080/fhir/Patient/1", "Patient", "1", null, null)]
    public void Is_here(string written, string type, string id, string? version, string? fragment)
    {
        var reference = Reference.Parse(written, own);
        Assert.Equal(ReferenceKind.Local, reference.Kind);
        Assert.Equal((type, id, version, fragment), (reference.Type, reference.Id, reference.VersionId, reference.Fragment));
        Assert.Equal($"{type}/{id}", reference.Local);
        Assert.True(reference is ("Patient", "1"));
    }

    [Theory]
    [InlineData("https://care.example/fhir/Patient/1/_history/2", "Patient/1/_history/2")]
    [InlineData("https://CARE.example/fhir/Patient/1#p", "Patient/1#p")]
    [InlineData("https://care.example/fhir/Patient?identifier=a|b", "Patient?identifier=a|b")]
    [InlineData("https://care.example/fhir/metadata", "https://care.example/fhir/metadata")]
    [InlineData("Patient/1/_history/2", "Patient/1/_history/2")]
    public void Ours_is_relative(string written, string text) => Assert.Equal(text, Reference.Parse(written, own).Text);

    [Theory]
    [InlineData("", ReferenceKind.None)]
    [InlineData("#p", ReferenceKind.Contained)]
    [InlineData("#", ReferenceKind.Contained)]
    [InlineData("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7", ReferenceKind.Urn)]
    [InlineData("URN:UUID:53FEFA32-FCBB-4FF8-8A92-55EE120877B7", ReferenceKind.Urn)]
    [InlineData("urn:oid:1.2.3#p", ReferenceKind.Urn)]
    [InlineData("Patient?identifier=1", ReferenceKind.Conditional)]
    [InlineData("https://care.example/fhir/Patient?identifier=1", ReferenceKind.Conditional)]
    [InlineData("https://other.example/fhir/Patient/1", ReferenceKind.Foreign)]
    [InlineData("https://other.example/fhir/Patient?identifier=1", ReferenceKind.Foreign)]
    [InlineData("https://care.example/fhirish/Patient/1", ReferenceKind.Foreign)]
    [InlineData("https://care.example/FHIR/Patient/1", ReferenceKind.Foreign)]
    [InlineData("https://care.example:8443/fhir/Patient/1", ReferenceKind.Foreign)]
    [InlineData("https://somebody@care.example/fhir/Patient/1", ReferenceKind.Foreign)]
    [InlineData("https://care.example.evil.example/fhir/Patient/1", ReferenceKind.Foreign)]
    [InlineData("http://localhost/fhir/Patient/1", ReferenceKind.Foreign)]
    [InlineData("https://care.example/fhir/Dragon/1", ReferenceKind.Foreign)]
    [InlineData("ftp://care.example/fhir/Patient/1", ReferenceKind.Foreign)]
    [InlineData("mailto:robin@care.example", ReferenceKind.Foreign)]
    [InlineData("http://other.example/Questionnaire/q|1.0", ReferenceKind.Canonical)]
    [InlineData("Questionnaire/q|1.0", ReferenceKind.Canonical)]
    [InlineData("robin", ReferenceKind.Unreadable)]
    [InlineData("Dragon/1", ReferenceKind.Unreadable)]
    [InlineData("patient/1", ReferenceKind.Unreadable)]
    [InlineData("Patient/", ReferenceKind.Unreadable)]
    [InlineData("Patient/1/", ReferenceKind.Unreadable)]
    [InlineData("Patient/a b", ReferenceKind.Unreadable)]
    [InlineData("Patient/1/2", ReferenceKind.Unreadable)]
    [InlineData("Patient/1/_history", ReferenceKind.Unreadable)]
    [InlineData("Patient/1/_history/", ReferenceKind.Unreadable)]
    [InlineData("Patient/1/_history/1/2", ReferenceKind.Unreadable)]
    [InlineData("Patient/12345678901234567890123456789012345678901234567890123456789012345", ReferenceKind.Unreadable)]
    [InlineData("/Patient/1", ReferenceKind.Unreadable)]
    [InlineData("//care.example/fhir/Patient/1", ReferenceKind.Unreadable)]
    [InlineData(" Patient/1", ReferenceKind.Unreadable)]
    [InlineData("Patient/1\n", ReferenceKind.Unreadable)]
    public void Is_not_here(string written, ReferenceKind kind)
    {
        var reference = Reference.Parse(written, own);
        Assert.Equal(kind, reference.Kind);
        Assert.Null(reference.Local);
        Assert.Null(reference.Id);
        Assert.False(reference is ({ }, { }));
    }

    [Theory]
    [InlineData("https://other.example/fhir/Patient/1/_history/2", "https://other.example/fhir/Patient/1")]
    [InlineData("Patient/1/_history/2", "Patient/1")]
    [InlineData("urn:uuid:1", "urn:uuid:1")]
    public void The_address_is_without_version(string written, string address) => Assert.Equal(address, Reference.Parse(written).Address);

    [Theory]
    [InlineData("""{"reference":"Patient/1","identifier":{"value":"x"}}""", ReferenceKind.Local)]
    [InlineData("""{"identifier":{"value":"x"}}""", ReferenceKind.Identifier)]
    [InlineData("""{"display":"Robin"}""", ReferenceKind.None)]
    [InlineData("""{"_reference":{"extension":[{"url":"http://a.example/x","valueCode":"unknown"}]},"identifier":{"value":"x"}}""",
        ReferenceKind.Identifier)]
    public void Is_read_from_its_element(string subject, ReferenceKind kind)
    {
        using var document = Search.Given.Document($$"""{"resourceType":"CarePlan","subject":{{subject}}}""");
        Assert.Equal(kind, Reference.Of(document.Root["subject"]).Kind);
        Assert.Equal(ReferenceKind.None, Reference.Of(document.Root["encounter"]).Kind);
    }

    [Theory]
    [InlineData("Patient/1", "Patient")]
    [InlineData("https://other.example/fhir/Patient/1", "Patient")]
    [InlineData("https://other.example/fhir/Patient/1/_history/2", "Patient")]
    [InlineData("https://other.example/fhir/Patient/1#p", "Patient")]
    [InlineData("https://other.example/fhir/Questionnaire/q|1.0/2", "Questionnaire")]
    [InlineData("Patient?identifier=http://a.example/Group/1", "Patient")]
    [InlineData("https://other.example/fhir/Patient?identifier=1", "Patient")]
    [InlineData("https://other.example/fhir/Dragon/1", "")]
    [InlineData("DomainResource/1", "")]
    [InlineData("urn:uuid:c757873d-ec9a-4326-a141-556f43239520", "")]
    [InlineData("#Patient/1", "")]
    [InlineData("Patient", "")]
    [InlineData("Patient/", "")]
    [InlineData("/_history/1", "")]
    [InlineData("", "")]
    public void An_address_may_name_its_type_in_characters_and_in_bytes(string address, string type)
    {
        Assert.Equal(type, Reference.NamedType(address) ?? "");
        Assert.Equal(type, Encoding.UTF8.GetString(Reference.NamedType(Encoding.UTF8.GetBytes(address))));
    }

    [Theory]
    [InlineData("Patient/1", true)]
    [InlineData("Patient/1/_history/2", false)]
    [InlineData("Patient/1#p", false)]
    [InlineData("Patient", false)]
    public void A_key_is_type_and_id_alone(string text, bool isKey)
    {
        Assert.Equal(isKey, Reference.TryKey(text, out var type, out var id));
        if (isKey) Assert.Equal(("Patient", "1"), (type, id.ToString()));
    }

    [Theory]
    [InlineData("https://a.example/fhir/Patient/1", "https://a.example/fhir")]
    [InlineData("https://a.example/fhir/Patient/1/_history/2", "https://a.example/fhir")]
    [InlineData("https://a.example/fhir", null)]
    [InlineData("urn:uuid:1", null)]
    public void A_full_address_tells_its_server(string address, string? server) => Assert.Equal(server, Reference.BaseOf(address));
}
