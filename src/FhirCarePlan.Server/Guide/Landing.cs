using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Guide;

/// <summary>`GET /`: where things are. A page with links for people (`Accept: text/html`); for programs an OperationOutcome that says where the
/// FHIR base is and what to send.</summary>
public sealed class Landing(OwnAddresses own, AddressSettings addresses, AuthenticationSettings authentication, AgreementNow agreement)
{
    public void Map(IEndpointRouteBuilder app) => app.MapMethods("/", ["GET", "HEAD"], (RequestDelegate)Answer).AllowAnonymous();

    private Task Answer(HttpContext http) => AnswerFormat.AsksForPage(http.Request, RequestReader.Query(http))
        ? Page(http) : ResponseWriter.Write(http, ForPrograms(), own.BaseUrl).AsTask();

    private Answer ForPrograms()
    {
        var root = own.BaseUrl[..^(own.BaseUrl.EndsWith(FhirBase.Path, StringComparison.Ordinal) ? FhirBase.Path.Length : 0)];
        return new Answer(AnswerKind.Ok)
        {
            Issues =
            [
                Say($"The FHIR R4 base is {own.BaseUrl}; GET {own.BaseUrl}/metadata says what it does, without a token."),
                Say($"Everything else there needs `Authorization: Bearer TOKEN`. {Tokens}"),
                Say($"For people who write clients: {root}/profiles (the guide), {root}/swagger, {root}/openapi/fhircareplan.json."),
                Say($"For people who run it: {root}/health, {root}/health/ready."),
            ],
        };
    }

    private string Tokens => authentication.Issuer is { } authority ? $"Tokens come from {authority}."
        : authentication.HasDevIssuer ? "In Development, POST to /dev/token gives one, and /dev/personas lists the personas."
        : "No provider of tokens is set, so nobody has one.";

    private static Issue Say(string text) => new(IssueSeverity.Information, IssueType.Informational, "", text);

    private async Task Page(HttpContext http)
    {
        var main = Html.Of($"<p class=\"lead\">A FHIR R4 server for care plans that many agencies work on. Programs talk to it; it has no pages for care.</p>");
        if (agreement.Alarm is { } alarm) main.Add($"<p><strong>The sharing agreement is not in force.</strong> {alarm}</p>");
        main.Add($"<h2>For people</h2><ul>");
        Link(main, "/profiles", "The implementation guide", "profiles, rules, codes and samples, for people who connect a system");
        Link(main, "/profiles/start", "Start here", "from a token to the first read in five calls");
        Link(main, "/swagger", "Swagger", $"every request, to be tried {(authentication.HasDevIssuer ? "as a persona" : "with a token")}");
        main.Add($"</ul><h2>For programs</h2><ul>");
        main.Add($"<li>The FHIR base is <code>{own.BaseUrl}</code>. All but the capability statement needs a token. {Tokens}</li>");
        Link(main, "/fhir/metadata", "Capability statement", "what the base answers, without a token");
        Link(main, "/openapi/fhircareplan.json", "OpenAPI document", "the same, for client generators");
        Link(main, "/profiles/cpa.tgz", "FHIR package", "the guide's definitions");
        main.Add($"</ul><h2>For those who run it</h2><ul>");
        Link(main, "/health", "Health", "the process is running");
        Link(main, "/health/ready", "Readiness", "whether the database can be read and the sharing agreement is in force");
        main.Add($"</ul>");
        var bytes = GuideRoutes.AtHome(PageFrame.Write("FhirCarePlan", "", main), addresses);
        http.Response.Headers.Vary = "Accept";
        await GuideRoutes.Send(http, GuideRoutes.Page, bytes);
    }

    private static void Link(Html to, string address, string name, string what) => to.Add($"<li><a href=\"{address}\">{name}</a>: {what}</li>");
}
