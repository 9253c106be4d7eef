using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide.Suppliers;

/// <summary>From nothing to the first read in five calls, for the address in use.</summary>
public sealed class StartPage(Asking asking)
{
    internal Html Write()
    {
        var page = new Html();
        page.Add($"<p>The FHIR base is <code>{asking.Base}</code>, FHIR R4. Copy the calls into a shell, one after the other.");
        if (asking.HasPersonas) page.Add($" This server runs in Development: it gives tokens to invented people, and <code>{asking.Root}/dev/personas</code> lists who you can be.");
        else if (asking.Authentication.Issuer is { } issuer) page.Add($" Tokens come from <code>{issuer}</code>. Replace what stands in square brackets by what you were given there.");
        else page.Add($" No provider of tokens is set, so nobody has one yet.");
        page.Add($"</p><h2 id=\"calls\">Five calls</h2>");
        Call.Write(page, Calls());
        page.Add($"<h2 id=\"next\">Next</h2><ul><li>Reads and searches answer as if the server held only what you may see: <a href=\"/profiles/views\">partial views</a>.</li>");
        page.Add($"<li>Before you write, ask <code>POST [base]/CarePlan/$validate?mode=create</code>: it answers as the write would, and writes nothing. <a href=\"/profiles/errors\">Errors</a> says what to do about each answer.</li>");
        page.Add($"<li>Every write of a CarePlan, CareTeam, Condition or Consent that exists needs <code>If-Match</code> with the version that you read: <a href=\"/profiles/changes#versions\">versions</a>.</li>");
        page.Add($"<li>The <a href=\"/profiles/cpa.tgz\">package</a> loads into your own validator; its examples are the samples of this guide.</li></ul>");
        return page;
    }

    private IEnumerable<Call> Calls()
    {
        var persona = asking.Somebody("care-coordinator");
        var plan = asking.HasSamples ? "robin-plan" : "[id]";
        yield return new("What the server can do", $"curl -s {asking.Base}/metadata", "CapabilityStatement",
            "No token is needed. It lists types, interactions and search parameters.");
        yield return asking.HasPersonas
            ? new("A token", asking.TokenFor(persona.Id), "eyJ", $"You are now {persona.Name}: {persona.Plain}. The token states the purpose {persona.DefaultPurpose}.")
            : new("A token", asking.TokenFor(""), "eyJ", $"The token endpoint stands in {asking.Base}/.well-known/smart-configuration.");
        yield return new("Which plans are yours", asking.Get("CarePlan?status=active&_count=5"), "searchset",
            "A search finds what you may see and counts nothing else.");
        yield return new("The first read", asking.Get($"CarePlan/{plan}"), "\"resourceType\":\"CarePlan\"",
            "The header ETag is its version. If parts are withheld, its meta says so.");
        yield return new("Why you see what you see", asking.Get($"CarePlan/{plan}/$explain"), "\"name\":\"view\"",
            "For each category of data: whether it is open to you, and the rule of the agreement that decides.");
    }
}
