package api

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are counted per route template and status class; a label never holds
// an id, a name or an item.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	events   prometheus.Counter
	series   sync.Map // seriesKey → series
}

// NewMetrics makes an empty set; sockets tells how many are open now.
func NewMetrics(sockets func() int) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "linli_requests_total",
			Help: "Requests by route and status class."}, []string{"method", "route", "class"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "linli_request_seconds",
			Help:    "Time to answer, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}}, []string{"method", "route"}),
		events: prometheus.NewCounter(prometheus.CounterOpts{Name: "linli_events_total",
			Help: "Events committed by this process; one that concerns several grids counts in each."}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.events, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "linli_sockets", Help: "Live sockets."}, func() float64 { return float64(sockets()) }))
	return m
}

// Events counts what was committed.
func (m *Metrics) Events(n int) { m.events.Add(float64(n)) }

// series are the figures of one route and status class, looked up once.
type series struct {
	requests prometheus.Counter
	seconds  prometheus.Observer
}

type seriesKey struct {
	place
	class int
}

// request counts an answer. Methods and paths that are no route of ours are
// one label: whoever calls must not be able to make new ones.
func (m *Metrics) request(method, route string, status int, took time.Duration) {
	if route == "" {
		method, route = "any", "other"
	}
	key := seriesKey{place{method, route}, status / 100}
	known, ok := m.series.Load(key)
	if !ok {
		known, _ = m.series.LoadOrStore(key, series{m.requests.WithLabelValues(method, route, strconv.Itoa(key.class)+"xx"),
			m.seconds.WithLabelValues(method, route)})
	}
	s := known.(series)
	s.requests.Inc()
	s.seconds.Observe(took.Seconds())
}

// Handler tells the figures.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
