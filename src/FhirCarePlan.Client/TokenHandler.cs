using System.Net;
using System.Net.Http.Headers;

namespace FhirCarePlan.Client;

/// <summary>Puts the token on each request. After a 401 it asks for another one and sends the request once more: a refused token has done
/// nothing, so that is safe for writes too.</summary>
internal sealed class TokenHandler(ITokenSource tokens) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content != null) await request.Content.LoadIntoBufferAsync(cancellationToken);
        var token = await tokens.Get(null, cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Unauthorized) return answer;
        var other = await tokens.Get(token, cancellationToken);
        if (other == token) return answer;
        answer.Dispose();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", other);
        return await base.SendAsync(request, cancellationToken);
    }
}
