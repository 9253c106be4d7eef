using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WireMock.Logging;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;

namespace FhirCarePlan.Server.Tests.Elsewhere;

/// <summary>A terminology server on this machine that knows a few codes of SNOMED CT.</summary>
public sealed class StubTerminology : IDisposable
{
    public const string Snomed = "http://snomed.info/sct", Finding = "404684003", Depression = "35489007", Tool = "86967005";
    public const string Findings = "https://terms.example/ValueSet/findings";

    public StubTerminology(bool hasCertificate = false)
    {
        Server = WireMockServer.Start(hasCertificate
            ? new WireMockServerSettings { UseSSL = true, CertificateSettings = new() { X509Certificate = Own() } } : new WireMockServerSettings());
        Usual();
    }

    /// <summary>Signed by itself.</summary>
    private static X509Certificate2 Own()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    public WireMockServer Server { get; }
    public string Address => $"{Server.Url}/fhir";
    public IReadOnlyList<ILogEntry> Asked => [.. Server.LogEntries];

    public void Usual()
    {
        Server.ResetMappings();
        Answer("ValueSet/$validate-code", Truth(false));
        Answer("ValueSet/$validate-code", Truth(true, "Depressive disorder"), ("code", Depression));
        Answer("CodeSystem/$validate-code", Truth(false));
        Answer("CodeSystem/$validate-code", Truth(true, "Depressive disorder"), ("code", Depression));
        Answer("CodeSystem/$lookup", """{"resourceType":"Parameters","id":"x","meta":{"versionId":"9"},"parameter":[{"name":"name","valueString":"SNOMED CT"},{"name":"display","valueString":"Depressive disorder"}]}""", ("code", Depression));
        Answer("CodeSystem/$subsumes", """{"resourceType":"Parameters","parameter":[{"name":"outcome","valueCode":"subsumes"}]}""");
        Answer("ConceptMap/$translate", """{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":true},{"name":"match","part":[{"name":"equivalence","valueCode":"wider"},{"name":"concept","valueCoding":{"system":"http://hl7.org/fhir/sid/icd-10","code":"F32.9"}}]}]}""");
        Answer("ValueSet/$expand", $$$"""{"resourceType":"ValueSet","status":"active","expansion":{"timestamp":"2026-01-01T00:00:00Z","total":2,"contains":[{"system":"{{{Snomed}}}","code":"{{{Depression}}}","display":"Depressive disorder"},{"system":"{{{Snomed}}}","code":"{{{Finding}}}","display":"Clinical finding"}]}}""", ("url", Findings));
        Server.Given(Request.Create().WithPath("/*")).AtPriority(100).RespondWith(Response.Create().WithStatusCode(404).WithBody("""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found"}]}"""));
    }

    private static string Truth(bool result, string? display = null) =>
        $$"""{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":{{(result ? "true" : "false")}}}{{(display is null ? "" : $$""",{"name":"display","valueString":"{{display}}"}""")}}]}""";

    public void Answer(string path, string body, params (string Name, string Value)[] of)
    {
        var request = Request.Create().WithPath($"/fhir/{path}").UsingGet();
        foreach (var (name, value) in of) request = request.WithParam(name, value);
        Server.Given(request).AtPriority(of.Length > 0 ? 1 : 10).RespondWith(Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/fhir+json").WithBody(body));
    }

    /// <summary>From now on every question gets this.</summary>
    public void Trouble(Func<IResponseBuilder, IResponseBuilder> with)
    {
        Server.ResetMappings();
        Server.Given(Request.Create().WithPath("/*")).RespondWith(with(Response.Create()));
    }

    public void Dispose() => Server.Dispose();
}
