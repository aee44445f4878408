// A search with a token in Go's net/http, to compare with.
package main

import (
	"bufio"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"math/big"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

type money struct {
	MinorUnits int    `json:"minorUnits"`
	Currency   string `json:"currency"`
	Text       string `json:"text"`
}

type hit struct {
	Code        string `json:"productCode"`
	Name        string `json:"name"`
	Category    string `json:"category"`
	Description string `json:"description"`
	Price       money  `json:"price"`
	InStock     bool   `json:"inStock"`
	Available   int    `json:"available"`
}

var products []hit
var index = map[string][]int{}

func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	})
}

func load(path string) {
	file, err := os.Open(path)
	check(err)
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var row struct {
			Code, Name, Category, Description string
			Price                             float64
			Stock                             int
		}
		check(json.Unmarshal(lines.Bytes(), &row))
		cents := int(row.Price*100 + 0.5)
		products = append(products, hit{row.Code, row.Name, row.Category, row.Description,
			money{cents, "USD", fmt.Sprintf("$%.2f", row.Price)}, row.Stock > 0, row.Stock})
		for _, word := range words(row.Name + " " + row.Category + " " + row.Description) {
			list := index[word]
			if len(list) == 0 || list[len(list)-1] != len(products)-1 {
				index[word] = append(list, len(products)-1)
			}
		}
	}
}

func search(query string, limit int) ([]hit, int) {
	var found []int
	for i, word := range words(query) {
		list := index[word]
		if i == 0 {
			found = list
			continue
		}
		var both []int
		for a, b := 0, 0; a < len(found) && b < len(list); {
			switch {
			case found[a] < list[b]:
				a++
			case found[a] > list[b]:
				b++
			default:
				both = append(both, found[a])
				a++
				b++
			}
		}
		found = both
	}
	hits := make([]hit, 0, limit)
	for _, i := range found {
		if len(hits) == limit {
			break
		}
		hits = append(hits, products[i])
	}
	return hits, len(found)
}

type verifier struct {
	key              *rsa.PublicKey
	issuer, audience string
	mutex            sync.RWMutex
	known            map[string]int64 // token to the second it ends
}

func (v *verifier) accepts(header string) bool {
	token := strings.TrimPrefix(header, "Bearer ")
	now := time.Now().Unix()
	v.mutex.RLock()
	end, ok := v.known[token]
	v.mutex.RUnlock()
	if ok {
		return now < end
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return false
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return false
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if rsa.VerifyPKCS1v15(v.key, crypto.SHA256, digest[:], signature) != nil {
		return false
	}
	var claims struct {
		Iss string `json:"iss"`
		Aud any    `json:"aud"`
		Exp int64  `json:"exp"`
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return false
	}
	if claims.Iss != v.issuer || !strings.Contains(fmt.Sprint(claims.Aud), v.audience) || claims.Exp <= now {
		return false
	}
	v.mutex.Lock()
	v.known[token] = claims.Exp
	v.mutex.Unlock()
	return true
}

func key(path string) *rsa.PublicKey {
	text, err := os.ReadFile(path)
	check(err)
	var set struct{ Keys []struct{ N, E string } }
	check(json.Unmarshal(text, &set))
	n, err := base64.RawURLEncoding.DecodeString(set.Keys[0].N)
	check(err)
	e, err := base64.RawURLEncoding.DecodeString(set.Keys[0].E)
	check(err)
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	load(os.Getenv("PRODUCTS"))
	tokens := &verifier{key: key(os.Getenv("JWKS")), issuer: os.Getenv("ISSUER"), audience: os.Getenv("AUDIENCE"),
		known: map[string]int64{}}
	logger := log.New(os.Stderr, "", log.LstdFlags|log.Lmicroseconds)
	http.HandleFunc("/tools/search_products", func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		status := http.StatusOK
		var body []byte
		var input struct {
			Query    string `json:"query"`
			Category string `json:"category"`
			Limit    int    `json:"limit"`
		}
		input.Limit = 10
		decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
		decoder.DisallowUnknownFields()
		if !tokens.accepts(r.Header.Get("Authorization")) {
			status = http.StatusUnauthorized
		} else if decoder.Decode(&input) != nil || len(input.Query) < 1 || len(input.Query) > 200 ||
			input.Limit < 1 || input.Limit > 50 {
			status = http.StatusBadRequest
		} else {
			hits, total := search(input.Query, input.Limit)
			body, _ = json.Marshal(map[string]any{"products": hits, "total": total})
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		w.Write(body)
		logger.Printf(`method=%s path=%s status=%d bytes=%d duration=%s`, r.Method, r.URL.Path, status, len(body),
			time.Since(begin))
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
