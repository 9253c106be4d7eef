using System.Diagnostics;
using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Fhir.Tests.Validation;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Fhir.Validation.Choosing;
using Xunit.Abstractions;

namespace FhirCarePlan.Fhir.Tests.Fuzz;

/// <summary>Every input ends in a verdict: no exception, no hang, memory in proportion. Seeds are fixed, so that an input is found again by
/// its number. In CI 200,000 inputs on all cores, otherwise 20,000.</summary>
public class FuzzTests(ITestOutputHelper output)
{
    private const int Base = 20261122;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly int Count = Optional.NothingIsSkipped || Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ? 200_000 : 20_000;

    private static readonly IndexExtractor Extractor = new(new SearchParameters(), TimeZoneInfo.Utc, Check.Clock);
    private static readonly ProfileChoice Choice = new(Check.Table);

    /// <summary>A validator sees many resources at once here, too.</summary>
    private static readonly Validator Validator = Check.CpaPackage;

    [Fact]
    public async Task Every_input_ends_in_a_verdict()
    {
        var (json, xml) = (Seed.All(ResourceFormat.Json), Seed.All(ResourceFormat.Xml));
        Verdict(json[0].Bytes, ResourceFormat.Json); // work done once is not counted against the first input
        Verdict(xml[0].Bytes, ResourceFormat.Xml);
        int read = 0, valid = 0, failures = 0;
        long worst = 0;
        string? firstFailure = null;
        var under = new int[Environment.ProcessorCount];
        var watch = Stopwatch.StartNew();

        void Work(int worker)
        {
            for (var n = worker; n < Count && Volatile.Read(ref failures) < 20; n += under.Length)
            {
                under[worker] = n;
                var (bytes, format) = Input(n, json, xml);
                try
                {
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    var (isRead, isValid) = Verdict(bytes, format);
                    var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                    if (allocated > 8_000_000 + 400L * bytes.Length) throw new InsufficientMemoryException($"{allocated:N0} bytes for {bytes.Length:N0}");
                    InterlockedMax(ref worst, allocated);
                    if (isRead) Interlocked.Increment(ref read);
                    if (isValid) Interlocked.Increment(ref valid);
                }
                catch (Exception e)
                {
                    Interlocked.Increment(ref failures);
                    Interlocked.CompareExchange(ref firstFailure, $"#{n} {format}: {e}\n{Encoding.UTF8.GetString(bytes[..Math.Min(3000, bytes.Length)])}", null);
                    output.WriteLine($"#{n} {format} {bytes.Length}: {e.GetType().Name} {e.Message} {e.StackTrace?.Split('\n').FirstOrDefault()}");
                }
            }
        }

        var workers = under.Select((_, i) => Task.Factory.StartNew(() => Work(i), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        var all = Task.WhenAll(workers);
        Assert.True(await Task.WhenAny(all, Task.Delay(Patience)) == all, $"Not done yet: {string.Join(", ", under.Select(n => $"#{n}"))}");
        await all;
        output.WriteLine($"{Count} inputs in {watch.Elapsed.TotalSeconds:F0} s: {read} were read, {valid} valid, {failures} failed; at most {worst:N0} bytes allocated for one");
        Assert.True(failures == 0, firstFailure);
        Assert.InRange(read, Count / 20, Count * 9 / 10); // or it is not the parser, or nothing but the parser, that is tried
    }

    private static (byte[] Bytes, ResourceFormat Format) Input(int n, List<Seed> json, List<Seed> xml)
    {
        var random = new Random(Base + n);
        var seeds = n % 5 == 0 ? xml : json;
        return (Mutation.Of(seeds[random.Next(seeds.Count)], seeds[random.Next(seeds.Count)], random), seeds[0].Format);
    }

    /// <summary>Everything that happens to a body: read, judged, written in both formats, indexed. The written forms read as the same
    /// resource.</summary>
    private static (bool IsRead, bool IsValid) Verdict(byte[] bytes, ResourceFormat format)
    {
        var report = new Report();
        using var document = ResourceReader.Read(bytes, format, report);
        if (document is null)
        {
            Assert.True(report.HasErrors, "refused without a word");
            return (false, false);
        }
        Validator.Validate(document, Choice.For(document.Root, (bytes.Length & 1) == 0 ? "nhs-mental-health-provider" : null).Profiles, report);
        var canonical = CanonicalJson.Write(document);
        using (var again = JsonParser.Parse(canonical, new Report()))
            Assert.True(again != null && CanonicalJson.Write(again).AsSpan().SequenceEqual(canonical), "the canonical form is not read as itself");
        var xml = ResourceXml.Write(document);
        if (!report.HasErrors)
            using (var again = XmlParser.Parse(xml, new Report()))
                Assert.True(again != null && again.Count == document.Count, "what is valid cannot be read back from XML");
        Extractor.Extract(document);
        foreach (var issue in report.Issues) Assert.True(issue.Line > 0 || issue.Expression.Length == 0, $"no place: {issue.Text}");
        return (true, !report.HasErrors);
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var known = Volatile.Read(ref most); value > known; known = Volatile.Read(ref most))
            if (Interlocked.CompareExchange(ref most, value, known) == known) return;
    }
}
