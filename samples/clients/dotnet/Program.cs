// A supplier's first journey with FhirCarePlan.Client. It needs a Development server:
//   dotnet run --project src/FhirCarePlan.Server
//   dotnet run --project samples/clients/dotnet -- http://localhost:5080 samples/tour
using FhirCarePlan.Client;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;
using Hl7.Fhir.Serialization;

var server = new Uri(args is [var address, ..] ? address : "http://localhost:5080");
var tour = args is [_, var folder] ? folder : Path.Combine("samples", "tour");
CpaClient As(string persona) => new(new Uri(server, "fhir"), new ClientCredentials(new Uri(server, "dev/token"), persona, "any"));

using var coordinator = As("care-coordinator");
using var housing = As("housing-officer");
using var outsider = As("outsider");

// 1. Read a plan. Somebody who sees all of it gets a Whole.
var plan = (await coordinator.Read<CarePlan>("robin-plan")).WholeOrThrow();
Console.WriteLine($"care co-ordinator {plan.CareCoordinator!.Display}, next review {plan.NextReview:yyyy-MM-dd}, crisis plan "
    + $"{plan.CrisisPlan!.Reference}");
foreach (var agreement in plan.Agreements) Console.WriteLine($"agreed by {agreement.Party}: {agreement.Agreed}");

// 2. Search, page by page, and sort the needs by domain.
var conditions = new List<Condition>();
await foreach (var view in coordinator.Search<Condition>(new SearchParams("patient", "robin").LimitTo(2)))
    conditions.Add(view switch
    {
        Whole<Condition> w => w.Resource,
        Partial<Condition> p => p.Resource,
        _ => throw new InvalidOperationException()
    });
foreach (var domain in conditions.NeedsByDomain())
    Console.WriteLine($"need {domain.Key}: {string.Join(", ", domain.Select(n => $"{n.Code?.Text} ({n.NeedStatus})"))}");

// 3. Somebody else sees a part, and the compiler makes you say so.
switch (await housing.Read<CarePlan>("robin-plan"))
{
    case Whole<CarePlan>: throw new InvalidOperationException("the housing officer should not see all of it");
    case Partial<CarePlan> partial:
        Console.WriteLine($"housing sees a part; not told about: {string.Join(", ", partial.Notice.Categories)}"); break;
}
Console.WriteLine($"for an outsider it does not exist: {await outsider.Find<CarePlan>("robin-plan") is null}");

// 4. Create: a broken rule comes back by its id.
var incomplete = Read("care-plan-without-crisis-plan.json");
try
{
    await coordinator.Create(incomplete);
    throw new InvalidOperationException("a plan without a crisis plan should be refused");
}
catch (FhirOperationException refused)
{
    Console.WriteLine($"refused: {string.Join(", ", refused.Rules)}");
}
var stored = (await coordinator.Create(Read("care-plan.json"))).WholeOrThrow();
Console.WriteLine($"stored as CarePlan/{stored.Id}");

// 5. Change: the version is checked, and somebody else's change is never lost.
var changed = (await coordinator.Change<CarePlan>(stored.Id!, p => p.NextReview = p.LastReview!.Value.AddMonths(6))).WholeOrThrow();
Console.WriteLine($"next review is now {changed.NextReview:yyyy-MM-dd}");
var history = await coordinator.Fhir.HistoryAsync($"CarePlan/{stored.Id}");
Console.WriteLine($"versions: {history!.Entry.Count}");
return 0;

CarePlan Read(string file) => FhirJsonDeserializer.STRICT.DeserializeResource(File.ReadAllText(Path.Combine(tour, file))) as CarePlan
    ?? throw new InvalidDataException(file);
