using System.Text.Json.Nodes;

namespace FhirCarePlan.Benchmarks;

/// <summary>Fills stores over HTTP: of one organisation, with small records of many people; of the partnership, with people who each have a
/// team and a Consent of their own that names it.</summary>
internal static class StockFill
{
    private const int AtOnce = 24, EachPatient = 20;
    private static readonly string[] Codes = ["8480-6", "8462-4", "8867-4", "29463-7"];

    /// <returns>Ids of patients and of plans: `Patient/x`, `CarePlan/y`.</returns>
    public static async Task<IEnumerable<string>> Organisation(string address, int resources)
    {
        using var http = await LoopbackServer.As(address, "system", AtOnce);
        var known = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForAsync(0, resources / EachPatient, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (n, _) =>
        {
            var patient = await Create(http, "Patient",
                $$"""{"resourceType":"Patient","name":[{"family":"Able{{n % 997}}","given":["Pat{{n}}"]}],"birthDate":"{{1940 + n % 70}}-03-{{1 + n % 28:D2}}"}""");
            known.Add(patient);
            for (var i = 1; i < EachPatient; i++)
            {
                var (date, status) = ($"20{10 + (n + i) % 15}-{1 + (n * 7 + i) % 12:D2}-{1 + (n + 3 * i) % 28:D2}T{i:D2}:{n % 60:D2}:00Z",
                    i % 5 == 0 ? "completed" : "active");
                if (i % 4 == 0)
                    known.Add(await Create(http, "CarePlan",
                        $$$"""{"resourceType":"CarePlan","status":"{{{status}}}","intent":"plan","title":"Plan {{{n}}}","created":"{{{date}}}","subject":{"reference":"{{{patient}}}"}}"""));
                else
                    await Create(http, "Observation",
                        $$$"""{"resourceType":"Observation","status":"{{{(i % 5 == 0 ? "amended" : "final")}}}","code":{"coding":[{"system":"http://loinc.org","code":"{{{Codes[i % Codes.Length]}}}"}]},"effectiveDateTime":"{{{date}}}","valueQuantity":{"value":{{{60 + n % 90}}}},"subject":{"reference":"{{{patient}}}"}}""");
            }
        });
        return known.Order(StringComparer.Ordinal);
    }

    /// <returns>`Patient/x`.</returns>
    public static async Task<IEnumerable<string>> Partnership(string address, int persons)
    {
        using var http = await LoopbackServer.As(address, "care-coordinator", AtOnce);
        var known = new System.Collections.Concurrent.ConcurrentBag<string>();
        var record = new[] { "Patient-sky", "EpisodeOfCare-sky-episode", "CareTeam-sky-team", "Consent-sky-consent-sharing", "Condition-sky-bipolar" }
            .Select(name => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", "partnership", $"{name}.json"))).ToArray();
        await Parallel.ForAsync(0, persons, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (n, _) =>
            known.Add(await Person(http, record, n)));
        return known.Order(StringComparer.Ordinal);
    }

    private static async Task<string> Person(HttpClient http, string[] record, int n)
    {
        var urns = record.Select(_ => $"urn:uuid:{Guid.NewGuid()}").ToArray();
        var entries = new JsonArray();
        for (var i = 0; i < record.Length; i++)
        {
            var resource = JsonNode.Parse(record[i].Replace("\"Patient/sky\"", $"\"{urns[0]}\"", StringComparison.Ordinal))!.AsObject();
            resource.Remove("id");
            if (i == 0) resource["identifier"]![0]!["value"] = NhsNumber(n);
            if ((string)resource["resourceType"]! == "Consent")
                resource["provision"]!["actor"]!.AsArray().Add(JsonNode.Parse(
                    $$$"""{"role":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"IRCP"}]},"reference":{"reference":"{{{urns[2]}}}"}}"""));
            entries.Add(new JsonObject
            {
                ["fullUrl"] = urns[i], ["resource"] = resource,
                ["request"] = new JsonObject { ["method"] = "POST", ["url"] = (string)resource["resourceType"]! }
            });
        }
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "transaction", ["entry"] = entries };
        using var answer = await http.PostAsync("", LoopbackServer.Json(bundle.ToJsonString()));
        var said = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{(int)answer.StatusCode} {said}");
        return Stored((string)JsonNode.Parse(said)!["entry"]![0]!["response"]!["location"]!);
    }

    /// <summary>The n-th number of those that nobody has, with its check digit.</summary>
    private static string NhsNumber(int n)
    {
        // One in eleven has no check digit, and never two neighbours of which the first is even.
        return Of(2 * n) ?? Of(2 * n + 1)!;

        static string? Of(int i)
        {
            var digits = $"999{i:D6}";
            var check = (11 - digits.Select((d, at) => (d - '0') * (10 - at)).Sum() % 11) % 11;
            return check < 10 ? digits + check : null;
        }
    }

    private static async Task<string> Create(HttpClient http, string type, string body)
    {
        using var answer = await http.PostAsync(type, LoopbackServer.Json(body));
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return Stored(answer.Headers.Location!.ToString());
    }

    private static string Stored(string location) => string.Join('/', location.Split("/_history/")[0].Split('/')[^2..]);
}
